namespace EdgeRuntime.Messaging;

// Publications with patience: the library has them, and they are written with the next one that has none, or when the first one's patience ends.
public sealed partial class MosquittoLink
{
    private long _heldUntil = long.MaxValue; // changed under the gate, without which the network thread looks

    private bool Holds => Volatile.Read(ref _heldUntil) != long.MaxValue;

    private void Hold_NeedsLock(TimeSpan patience)
    {
        var until = Later(_time.GetTimestamp(), patience);
        if (until >= _heldUntil) return;
        Volatile.Write(ref _heldUntil, until);
        if (Thread.CurrentThread != _dispatchThread || !_options.IsHandlerQuick) _wake.Signal(); // it waits for something later
    }

    private void Write_NeedsLock(MosquittoConnection connection)
    {
        var together = Holds;
        Volatile.Write(ref _heldUntil, long.MaxValue);
        if (together) connection.Cork(true);
        connection.Send();
        if (together) connection.Cork(false);
    }

    // What is not kept back.
    private void WriteDue_NeedsLock(MosquittoConnection connection)
    {
        if (!Holds || _heldUntil <= _time.GetTimestamp()) Write_NeedsLock(connection);
    }

    private TimeSpan LongestWait()
    {
        var until = Volatile.Read(ref _heldUntil);
        return until == long.MaxValue ? KeepAliveCheck : Milliseconds(Until(until));
    }
}
