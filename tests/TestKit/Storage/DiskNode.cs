namespace EdgeRuntime.TestKit.Storage;

/// <summary>A file or a folder. A folder knows its names as programs see them, and those of them that would survive a power cut.</summary>
internal sealed class DiskNode
{
    private DiskNode(byte[]? content) => Content = content;

    /// <summary>Null for a folder.</summary>
    public byte[]? Content { get; set; }

    public Dictionary<string, DiskNode> Seen { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, DiskNode> Durable { get; } = new(StringComparer.Ordinal);

    public static DiskNode Folder() => new(null);

    public static DiskNode File(byte[] content) => new(content);

    /// <summary>What lies on the disk, all of it durable.</summary>
    public static DiskNode Scan(string path)
    {
        if (System.IO.File.Exists(path)) return File(System.IO.File.ReadAllBytes(path));
        var folder = Folder();
        foreach (var child in Directory.EnumerateFileSystemEntries(path))
        {
            var node = Scan(child);
            folder.Seen.Add(Path.GetFileName(child), node);
            folder.Durable.Add(Path.GetFileName(child), node);
        }
        return folder;
    }

    /// <summary>Writes what survived.</summary>
    public void Materialise(string path)
    {
        Directory.CreateDirectory(path);
        foreach (var (name, node) in Durable)
        {
            if (node.Content is { } content) System.IO.File.WriteAllBytes(Path.Combine(path, name), content);
            else node.Materialise(Path.Combine(path, name));
        }
    }
}
