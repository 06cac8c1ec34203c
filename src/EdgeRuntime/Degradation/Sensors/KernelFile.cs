using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace EdgeRuntime.Device.Degradation.Sensors;

/// <summary>
/// A small file in which the kernel tells something: kept open, read anew from its start, without an allocation. What is missing, cannot be read or is
/// no ordinary file (a folder, a pipe that would block) reads as empty. Not thread-safe.
/// </summary>
internal sealed unsafe partial class KernelFile(string path) : IDisposable
{
    // fcntl.h and linux/stat.h, the same on x64 and arm64
    private const int NonBlocking = 0x800, CloseOnExec = 0x80000, WorkingFolder = -100;
    private const uint TypeOnly = 1, TypeBits = 0xF000, OrdinaryFile = 0x8000;
    private const int StatusBytes = 256, ModeOffset = 28, DeviceGone = 19;

    private readonly byte[] _path = Encoding.UTF8.GetBytes(path + '\0');
    private SafeFileHandle? _handle;

    /// <summary>What it says now, as much as there is room for: read at once, since the kernel makes the text anew for every call.</summary>
    public ReadOnlySpan<byte> Read(Span<byte> buffer) => buffer[..Read(buffer, 0)];

    /// <summary>The whole of a longer text, which the kernel gives in parts.</summary>
    public string Text(int most)
    {
        var buffer = new byte[most];
        int length = 0;
        for (int read; length < most && (read = Read(buffer.AsSpan(length), length)) > 0;) length += read;
        return Encoding.UTF8.GetString(buffer, 0, length);
    }

    /// <summary>The whole number that is all it says; null where it says anything else.</summary>
    public long? Number()
    {
        Span<byte> buffer = stackalloc byte[32];
        return KernelText.Number(Read(buffer));
    }

    /// <summary>The name that it says, without what does not belong into a name; empty where it says nothing.</summary>
    public string Name()
    {
        Span<byte> buffer = stackalloc byte[64];
        return KernelText.Name(Read(buffer));
    }

    public void Dispose()
    {
        _handle?.Dispose();
        _handle = null;
    }

    private int Read(Span<byte> buffer, long offset)
    {
        _handle ??= Open();
        if (_handle is null) return 0;
        fixed (byte* to = buffer)
        {
            nint length = ReadAt(_handle, to, (nuint)buffer.Length, offset);
            if (length < 0 && Marshal.GetLastPInvokeError() == DeviceGone) Dispose();
            return Math.Max(0, (int)length);
        }
    }

    // Its type is asked before it is opened: to open a device can do something.
    private SafeFileHandle? Open()
    {
        byte* status = stackalloc byte[StatusBytes];
        fixed (byte* name = _path)
        {
            if (Status(WorkingFolder, name, 0, TypeOnly, status) != 0 || (*(ushort*)(status + ModeOffset) & TypeBits) != OrdinaryFile) return null;
            int descriptor = Open(name, NonBlocking | CloseOnExec);
            return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
        }
    }

    [LibraryImport("libc", EntryPoint = "statx")]
    private static partial int Status(int folder, byte* path, int flags, uint mask, byte* status);

    [LibraryImport("libc", EntryPoint = "open")]
    private static partial int Open(byte* path, int flags);

    [LibraryImport("libc", EntryPoint = "pread", SetLastError = true)]
    private static partial nint ReadAt(SafeFileHandle file, byte* to, nuint length, long offset);
}
