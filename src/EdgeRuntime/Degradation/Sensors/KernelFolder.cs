namespace EdgeRuntime.Device.Degradation.Sensors;

/// <summary>Looks for what a kernel shows below a root. What cannot be listed is empty.</summary>
internal static class KernelFolder
{
    // More than any device has; a tree that is broken may have any number.
    private const int Most = 64;

    /// <summary>Folders of a prefix, in the order of their numbers.</summary>
    public static string[] Find(string root, string folder, string prefix)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(Path.Join(root, folder), prefix + "*").Take(16 * Most)
                .OrderBy(path => path.Length).ThenBy(path => path, StringComparer.Ordinal).Take(Most)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Whether there is something of a name, whatever it may be.</summary>
    public static bool Has(string folder, string name) => Path.Exists(Path.Join(folder, name));
}
