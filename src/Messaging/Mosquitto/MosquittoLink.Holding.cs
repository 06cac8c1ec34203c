namespace EdgeRuntime.Messaging;

// Publications that leave together: the library has them, and they are written with the next one that is not kept back, or when the first one's patience
// ends. What a quick handler sends to several messages that arrived together has patience until it has seen them all. Where something is about to be
// written, what arrives until then is read with it: each wake-up less is one less that takes the core from whoever computes.
public sealed partial class MosquittoLink
{
    private long _heldUntil = long.MaxValue; // changed under the gate, without which the network thread looks
    private bool _handlesSeveral; // changed at work

    private bool IsHandlingSeveral => _handlesSeveral && Thread.CurrentThread == _dispatchThread;

    private bool Holds => Volatile.Read(ref _heldUntil) != long.MaxValue;

    private bool ReadsLater => IsAttended || Until(Volatile.Read(ref _heldUntil)) <= BetweenLooks;

    private void Hold_NeedsLock(TimeSpan patience)
    {
        var now = _time.GetTimestamp();
        if (patience > TimeSpan.Zero) Volatile.Write(ref _crowdedUntil, Later(now, CrowdMemory));
        var until = Later(now, patience);
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
        if (IsAttended) until = Math.Min(until, UnreadUntil);
        return until == long.MaxValue ? KeepAliveCheck : Milliseconds(Until(until));
    }
}
