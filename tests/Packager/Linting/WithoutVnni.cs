namespace EdgeRuntime.Packaging.Tests.Linting;

/// <summary>Whether this machine multiplies bytes by vpmaddubsw.</summary>
internal static class WithoutVnni
{
    private const string CpuInfo = "/proc/cpuinfo";
    private static readonly string[] Exact = ["avx512_vnni", "avx_vnni", "avx_vnni_int8"];

    /// <summary>Why not; null where it does.</summary>
    public static string? Absence { get; } = Find();

    private static string? Find()
    {
        var line = File.Exists(CpuInfo) ? File.ReadLines(CpuInfo).FirstOrDefault(line => line.StartsWith("flags", StringComparison.Ordinal)) : null;
        if (line is null) return "this machine is no x86: its kernels do not add pairs of products in 16 bits";
        var flags = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (!flags.Contains("avx2")) return "this CPU has no AVX2: its kernels are others";
        return flags.FirstOrDefault(Exact.Contains) is { } flag ? $"this CPU has {flag}: its kernels add products in 32 bits" : null;
    }
}
