using EdgeRuntime.Bundles.Store;

namespace EdgeRuntime.Bundles.Tests.Support;

/// <summary>A real disk on which only so many bytes more can be written.</summary>
internal sealed class FullDisk(long left) : IStorage
{
    private const int NoSpaceLeft = 28;
    private readonly DiskStorage _disk = new();
    private long _left = left;

    public void WriteFile(string path, Stream content)
    {
        using var bytes = new MemoryStream();
        content.CopyTo(bytes);
        var fits = Math.Min(_left, bytes.Length);
        _left -= fits;
        _disk.WriteFile(path, new MemoryStream(bytes.ToArray()[..(int)fits]));
        if (fits < bytes.Length) throw new IOException($"No space left on device : '{path}'", NoSpaceLeft);
    }

    public void CreateFolder(string path) => _disk.CreateFolder(path);

    public void FlushFolder(string path) => _disk.FlushFolder(path);

    public void Move(string from, string to) => _disk.Move(from, to);

    public void DeleteFile(string path) => _disk.DeleteFile(path);

    public void DeleteFolder(string path) => _disk.DeleteFolder(path);

    public void MakeReadOnly(string path) => _disk.MakeReadOnly(path);
}
