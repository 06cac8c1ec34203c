using System.Runtime.InteropServices;

namespace EdgeRuntime.Messaging.Native;

/// <summary>
/// A signal that a thread can wait for together with a socket (eventfd). Signals before the wait are kept, several count as one.
/// Thread safe; a signal after <see cref="Dispose"/> does nothing.
/// </summary>
internal sealed unsafe class WakeUp : IDisposable
{
    private readonly Lock _lock = new();
    private int _handle = Libc.eventfd(0, Libc.EventNonBlocking | Libc.EventCloseOnExec);

    internal WakeUp()
    {
        if (_handle < 0) throw new IOException($"eventfd: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    /// <summary>Ends the present or the next wait.</summary>
    internal void Signal()
    {
        ulong one = 1;
        lock (_lock)
        {
            if (_handle >= 0) _ = Libc.write(_handle, &one, sizeof(ulong));
        }
    }

    /// <summary>Waits for a signal. Only one thread waits.</summary>
    internal void Wait(TimeSpan longest) => _ = Wait(-1, 0, longest);

    /// <summary>Waits for a signal, or for <paramref name="wanted"/> on the socket; gives what happened on the socket. Only one thread waits.</summary>
    internal short Wait(int socket, short wanted, TimeSpan longest)
    {
        var entries = stackalloc Libc.PollEntry[2];
        entries[0] = new Libc.PollEntry { Handle = _handle, Wanted = Libc.PollIn };
        entries[1] = new Libc.PollEntry { Handle = socket, Wanted = wanted };
        if (Libc.poll(entries, 2, (int)longest.TotalMilliseconds) <= 0) return 0;
        ulong signals;
        if (entries[0].Happened != 0) _ = Libc.read(_handle, &signals, sizeof(ulong));
        return entries[1].Happened;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_handle >= 0) _ = Libc.close(_handle);
            _handle = -1;
        }
    }
}
