using System.Runtime.InteropServices;

namespace EdgeRuntime.TestKit.Kernels;

/// <summary>A root with a /proc and a /sys of a test's own.</summary>
public sealed partial class KernelTree : IDisposable
{
    private readonly TempFolder _folder = new();

    public string Root => _folder.Path;

    /// <summary>The files that were written, by their paths below the root.</summary>
    public ICollection<string> Files { get; } = new SortedSet<string>(StringComparer.Ordinal);

    public string this[string path] => Path.Join(Root, path);

    /// <summary>A file says something from now on, in place: whoever has it open sees it.</summary>
    public KernelTree With(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[path])!);
        File.WriteAllText(this[path], text);
        Files.Add(path);
        return this;
    }

    /// <summary>As <see cref="With(string, string)"/>, with the line's end that the kernel writes.</summary>
    public KernelTree With(string path, long number) => With(path, number + "\n");

    /// <summary>A pipe that nobody writes to, in place of a file.</summary>
    public void Pipe(string path)
    {
        File.Delete(this[path]);
        if (MakePipe(this[path], 0x180) != 0) throw new IOException($"{this[path]}: no pipe, error {Marshal.GetLastPInvokeError()}");
    }

    /// <summary>A folder in place of a file.</summary>
    public void Folder(string path)
    {
        File.Delete(this[path]);
        Directory.CreateDirectory(this[path]);
    }

    public void Dispose() => _folder.Dispose();

    [LibraryImport("libc", EntryPoint = "mkfifo", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakePipe(string path, uint mode);
}
