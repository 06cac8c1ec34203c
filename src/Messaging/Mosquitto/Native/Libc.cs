using System.Runtime.InteropServices;

namespace EdgeRuntime.Messaging.Native;

/// <summary>What the C library does and .NET has no name for.</summary>
internal static unsafe partial class Libc
{
    internal const short PollIn = 1, PollOut = 4, PollError = 8, PollHangUp = 16, PollPeerClosed = 0x2000;
    internal const int ProtocolTcp = 6, TcpCork = 3;
    internal const int EventNonBlocking = 0x800, EventCloseOnExec = 0x80000;

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int poll(PollEntry* entries, nuint count, int timeoutMilliseconds);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int eventfd(uint value, int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint read(int handle, void* buffer, nuint bytes);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint write(int handle, void* buffer, nuint bytes);

    [LibraryImport("libc")]
    internal static partial int setsockopt(int socket, int level, int option, void* value, uint bytes);

    [LibraryImport("libc")]
    internal static partial int close(int handle);

    [LibraryImport("libc")]
    internal static partial void free(void* memory);

    /// <summary><c>struct pollfd</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct PollEntry
    {
        public int Handle;
        public short Wanted;
        public short Happened;
    }
}
