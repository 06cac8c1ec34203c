using System.Runtime.InteropServices;

namespace EdgeRuntime.Inference.Native;

/// <summary>What the C library does and .NET has no name for.</summary>
internal static partial class Libc
{
    private const int ReadOnly = 0, CloseOnExec = 0x80000;

    /// <summary>Returns free heap pages to the system; ONNX Runtime leaves a model's size of them behind after a preparation.</summary>
    public static void TrimHeap()
    {
        if (OperatingSystem.IsLinux()) _ = malloc_trim(0);
    }

    /// <summary>Makes a folder's entries (a creation, a rename) survive a power cut.</summary>
    public static void SyncFolder(string path)
    {
        int handle = open(path, ReadOnly | CloseOnExec);
        if (handle < 0) throw new IOException($"folder '{path}' cannot be opened: error {Marshal.GetLastPInvokeError()}");
        int result = fsync(handle);
        _ = close(handle);
        if (result != 0) throw new IOException($"folder '{path}' cannot be synchronised: error {Marshal.GetLastPInvokeError()}");
    }

    /// <summary>Lowers the priority of the calling thread and of the threads that it starts; Linux keeps it per thread.</summary>
    public static void BeNice(int increment)
    {
        if (OperatingSystem.IsLinux()) _ = nice(increment);
    }

    /// <summary>A word of the auxiliary vector: the capabilities of an Arm CPU.</summary>
    public static nuint AuxiliaryValue(nuint type) => OperatingSystem.IsLinux() ? getauxval(type) : 0;

    [LibraryImport("libc")]
    private static partial int malloc_trim(nuint pad);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(int handle);

    [LibraryImport("libc")]
    private static partial int close(int handle);

    [LibraryImport("libc")]
    private static partial int nice(int increment);

    [LibraryImport("libc")]
    private static partial nuint getauxval(nuint type);
}
