using System.Globalization;

namespace EdgeRuntime.Inference.Specialisation;

/// <summary>
/// How much memory the control groups of this process still let it take, of version 1 and of version 2, its own and all above. What a group has
/// of the page cache and does not use can be taken from it again.
/// </summary>
/// <param name="mount">Where the hierarchies are mounted.</param>
/// <param name="membership">The file that names this process's groups.</param>
internal sealed class ControlGroups(string mount = "/sys/fs/cgroup", string membership = "/proc/self/cgroup")
{
    private sealed record Version(string Limit, string Used, string Reclaimable)
    {
        public static readonly Version One = new("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file");
        public static readonly Version Two = new("memory.max", "memory.current", "inactive_file");
    }

    /// <summary>The least of all groups, in bytes; <see cref="long.MaxValue"/> where none has a limit.</summary>
    public long Headroom()
    {
        long headroom = long.MaxValue;
        if (!File.Exists(membership)) return headroom;
        foreach (string line in File.ReadLines(membership))
        {
            // NUMBER:CONTROLLERS:PATH; version 2 has the number 0 and no controllers
            string[] parts = line.Split(':', 3);
            if (parts.Length < 3) continue;
            if (parts[0] == "0") headroom = Math.Min(headroom, Headroom(mount, parts[2], Version.Two));
            else if (parts[1].Split(',').Contains("memory")) headroom = Math.Min(headroom, Headroom(Path.Combine(mount, "memory"), parts[2], Version.One));
        }
        return headroom;
    }

    // In a container the path may be the host's and the mount the container's own group: what is not there is passed over.
    private static long Headroom(string root, string own, Version version)
    {
        long headroom = long.MaxValue;
        for (string? folder = own; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            string at = root + (folder == "/" ? "" : folder);
            if (Number(Path.Combine(at, version.Limit)) is { } limit && Number(Path.Combine(at, version.Used)) is { } used)
                headroom = Math.Min(headroom, limit - used + Math.Max(ProcFile.Field(Path.Combine(at, "memory.stat"), version.Reclaimable), 0));
        }
        return headroom;
    }

    // Version 2 writes "max" where there is no limit, version 1 a number beyond all memory.
    private static long? Number(string path) =>
        File.Exists(path) && long.TryParse(File.ReadAllText(path), NumberStyles.Integer, CultureInfo.InvariantCulture, out long number) ? number : null;
}
