namespace EdgeRuntime.Device.Degradation.Sensors;

/// <summary>Where the cgroup that limits the memory of this process lies, and those above it.</summary>
/// <param name="IsUnified">Version 2.</param>
/// <param name="Paths">The process's own first; below the root that was searched.</param>
internal sealed record CgroupFolders(bool IsUnified, IReadOnlyList<string> Paths)
{
    private const int MostText = 1 << 18, MostLevels = 16;

    /// <summary>By /proc/self; null where it does not say.</summary>
    public static CgroupFolders? Find(string root)
    {
        var groups = Lines(Path.Join(root, "proc/self/cgroup"));
        var mounts = Lines(Path.Join(root, "proc/self/mountinfo"));
        return OfVersion1(root, groups, mounts) ?? OfVersion2(root, groups, mounts);
    }

    // hierarchy:controllers:path; where version 1 has the memory controller, version 2 has not.
    private static CgroupFolders? OfVersion1(string root, string[] groups, string[] mounts)
    {
        var path = groups.Select(line => line.Split(':', 3)).FirstOrDefault(line => line.Length == 3 && line[1].Split(',').Contains("memory"))?[2];
        return path is null ? null : Below(root, path, mounts, mount => mount.Type == "cgroup" && mount.Options.Split(',').Contains("memory"), isUnified: false);
    }

    private static CgroupFolders? OfVersion2(string root, string[] groups, string[] mounts)
    {
        var path = groups.FirstOrDefault(line => line.StartsWith("0::/", StringComparison.Ordinal))?[3..];
        return path is null ? null : Below(root, path, mounts, mount => mount.Type == "cgroup2", isUnified: true);
    }

    private static CgroupFolders? Below(string root, string path, string[] mounts, Func<Mount, bool> isIt, bool isUnified)
    {
        if (mounts.Select(Mount.Parse).FirstOrDefault(mount => mount is not null && isIt(mount)) is not { } found) return null;
        var top = Path.Join(root, found.Point);
        var below = Relative(path, found.Root);
        var paths = new List<string>();
        for (; below.Length > 0 && paths.Count < MostLevels; below = below[..Math.Max(0, below.LastIndexOf('/'))]) paths.Add(Path.Join(top, below));
        paths.Add(top);
        return new CgroupFolders(isUnified, paths);
    }

    // A container may be told a path that lies outside of what it sees; then what it sees begins at its own cgroup.
    private static string Relative(string path, string mounted)
    {
        if (path.Split('/').Contains("..")) return "";
        if (mounted == "/") return path.TrimEnd('/');
        return path.StartsWith(mounted + "/", StringComparison.Ordinal) ? path[mounted.Length..].TrimEnd('/') : "";
    }

    private static string[] Lines(string path)
    {
        using var file = new KernelFile(path);
        return file.Text(MostText).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>A line of mountinfo: id, parent, device, root, mount point, options, optional fields, a dash, type, source, super block's options.</summary>
    private sealed record Mount(string Root, string Point, string Type, string Options)
    {
        public static Mount? Parse(string line)
        {
            var fields = line.Split(' ');
            int dash = Array.IndexOf(fields, "-");
            return dash < 6 || fields.Length < dash + 4 ? null : new Mount(Plain(fields[3]), Plain(fields[4]), fields[dash + 1], fields[dash + 3]);
        }

        private static string Plain(string text) => text.Replace("\\040", " ", StringComparison.Ordinal).Replace("\\134", "\\", StringComparison.Ordinal);
    }
}
