using System.Globalization;

namespace EdgeRuntime.Inference.Specialisation;

/// <summary>What this process holds, and what it may still take, as Linux counts it; in bytes.</summary>
internal static class ProcessMemory
{
    /// <summary>Memory of this process that no file backs; -1 where the system does not say.</summary>
    public static long Anonymous() => Field("/proc/self/smaps_rollup", "Anonymous:");

    /// <summary>The least of what the machine has free and what the control group lets us take.</summary>
    public static long Available()
    {
        long machine = Field("/proc/meminfo", "MemAvailable:");
        long group = GroupHeadroom();
        return machine < 0 ? group : Math.Min(machine, group);
    }

    // The file "max" holds "max" where there is no limit. What the group has of the page cache can be taken from it again.
    private static long GroupHeadroom()
    {
        const string Root = "/sys/fs/cgroup";
        const string Membership = "/proc/self/cgroup";
        long headroom = long.MaxValue;
        if (!File.Exists(Membership)) return headroom;
        string own = File.ReadLines(Membership).FirstOrDefault(line => line.StartsWith("0::", StringComparison.Ordinal)) ?? "0::/";
        for (string? folder = own[3..]; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            string at = Root + (folder == "/" ? "" : folder);
            if (Number(at + "/memory.max") is { } limit && Number(at + "/memory.current") is { } used)
                headroom = Math.Min(headroom, limit - used + Math.Max(Field(at + "/memory.stat", "inactive_file", unit: 1), 0));
        }
        return headroom;
    }

    private static long? Number(string path) =>
        File.Exists(path) && long.TryParse(File.ReadAllText(path), NumberStyles.Integer, CultureInfo.InvariantCulture, out long number) ? number : null;

    private static long Field(string path, string name, long unit = 1024)
    {
        if (!File.Exists(path)) return -1;
        foreach (string line in File.ReadLines(path))
        {
            if (!line.StartsWith(name, StringComparison.Ordinal)) continue;
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return long.Parse(words[1], CultureInfo.InvariantCulture) * unit;
        }
        return -1;
    }
}
