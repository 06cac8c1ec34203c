using System.Runtime.InteropServices;
using EdgeRuntime.Bundles;

namespace EdgeRuntime.Packaging.Measurement;

/// <summary>Whether the machine that this runs on is of a target's kind: what is timed on another says nothing of the target.</summary>
internal static class MachineKind
{
    private const string CpuInfo = "/proc/cpuinfo";

    /// <returns>Why it is not; null where it is. Accelerators are looked for when a model is opened on them.</returns>
    public static string? Refusal(Target target)
    {
        var architecture = RuntimeInformation.ProcessArchitecture switch { Architecture.X64 => "x64", Architecture.Arm64 => "arm64", var other => other.ToString() };
        if (architecture != target.Architecture) return $"this machine is {architecture}, target '{target.Name}' is {target.Architecture}";
        var flags = Flags();
        var missing = target.CpuFlags.Where(flag => !flags.Contains(flag)).ToList();
        return missing.Count == 0 ? null : $"this machine's CPU lacks {string.Join(", ", missing)} of target '{target.Name}'";
    }

    private static HashSet<string> Flags()
    {
        if (!File.Exists(CpuInfo)) return [];
        var line = File.ReadLines(CpuInfo).FirstOrDefault(line => line.StartsWith("flags", StringComparison.Ordinal) || line.StartsWith("Features", StringComparison.Ordinal));
        return line is null ? [] : [.. line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)];
    }
}
