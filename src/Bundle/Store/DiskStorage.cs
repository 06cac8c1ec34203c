using System.Runtime.InteropServices;

namespace EdgeRuntime.Bundles.Store;

/// <summary>The real disk. Flushes mean fsync, for folders too.</summary>
internal sealed partial class DiskStorage : IStorage
{
    private const UnixFileMode ReadOnlyFile = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode OwnerFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private const int ReadOnly = 0; // O_RDONLY; O_DIRECTORY has another number on arm64 and is not needed

    public void CreateFolder(string path) => Directory.CreateDirectory(path, OwnerFolder);

    public void WriteFile(string path, Stream content)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        content.CopyTo(file, 1 << 20);
        file.Flush(flushToDisk: true);
    }

    public void FlushFolder(string path)
    {
        var handle = Open(path, ReadOnly);
        if (handle < 0) throw new IOException($"open {path}: errno {Marshal.GetLastPInvokeError()}");
        var result = FileSync(handle);
        var error = Marshal.GetLastPInvokeError();
        _ = Close(handle);
        if (result != 0) throw new IOException($"fsync {path}: errno {error}");
    }

    public void Move(string from, string to)
    {
        if (Directory.Exists(from)) Directory.Move(from, to);
        else File.Move(from, to, overwrite: true);
    }

    public void DeleteFile(string path) => File.Delete(path);

    public void DeleteFolder(string path) => Directory.Delete(path, recursive: true);

    public void MakeReadOnly(string path) => File.SetUnixFileMode(path, ReadOnlyFile);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FileSync(int file);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);
}
