using System.Globalization;

namespace EdgeRuntime.Benchmarks.Measuring;

/// <summary>What a process holds, as Linux counts it; in bytes.</summary>
internal readonly record struct ProcessMemory(long Anonymous, long FileProportional, long Resident)
{
    private const long Kibibyte = 1024;

    public const double Megabyte = 1e6;

    /// <summary>Counts pages, which is exact and takes a while.</summary>
    public static ProcessMemory Of(int process)
    {
        var lines = File.ReadAllLines($"/proc/{process}/smaps_rollup");
        return new ProcessMemory(Field(lines, "Anonymous:"), Field(lines, "Pss_File:"), Field(lines, "Rss:"));
    }

    /// <summary>Anonymous memory from the kernel's counters, fast enough to follow a peak; 0 for a process that is gone.</summary>
    public static long AnonymousNow(int process)
    {
        try
        {
            return Field(File.ReadAllLines($"/proc/{process}/status"), "RssAnon:");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    private static long Field(string[] lines, string name)
    {
        var line = lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        if (line is null) return 0;
        var words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        return long.Parse(words[1], CultureInfo.InvariantCulture) * Kibibyte;
    }
}
