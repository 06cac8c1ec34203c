namespace EdgeRuntime.Messaging;

// Where so many messages come that answers are kept back to leave together, whoever computes on the same core reads, handles and answers between two runs
// what came during the last one: nothing wakes up in the middle of a run, and no thread has to be switched to. While it is away, the network thread leaves
// the socket alone but for a look now and then.
public sealed partial class MosquittoLink
{
    private const int MostReadings = 4;
    private const double Slack = 1.25; // or the network thread would look just before a run ends that takes a little longer
    private static readonly TimeSpan CrowdMemory = TimeSpan.FromMilliseconds(50);
    // A broker sends so many QoS 1 messages ahead, 20 by default, and the next ones when these are acknowledged.
    private static readonly TimeSpan LongestUnread = TimeSpan.FromMilliseconds(4), BetweenLooks = TimeSpan.FromMilliseconds(2);

    private readonly Lock _atWork = new(); // whoever reads and handles has it, and takes it before the gate
    private long _crowdedUntil;
    private long _awayUntil = long.MinValue, _lookAt; // changed at work

    private long UnreadUntil => Math.Min(Volatile.Read(ref _awayUntil), Volatile.Read(ref _lookAt));

    private bool IsAttended => UnreadUntil > _time.GetTimestamp();

    /// <inheritdoc/>
    public void Attend(Func<TimeSpan> away)
    {
        ArgumentNullException.ThrowIfNull(away);
        if (!_options.IsHandlerQuick || Volatile.Read(ref _crowdedUntil) <= _time.GetTimestamp() || !_atWork.TryEnter()) return;
        try
        {
            var more = true;
            for (var i = 0; i < MostReadings && more; i++)
            {
                lock (_gate) more = _stop == StopMode.None && _connection is not null && _connection.Receive(happened: 0);
                HandleArrived();
            }
            lock (_gate)
            {
                if (!Ready_NeedsLock) return;
                Pump_NeedsLock();
                Flush_NeedsLock();
            }
            Go(away());
        }
        finally
        {
            _atWork.Exit();
        }
    }

    // Where whoever attended stays, the socket is the network thread's again, which may be waiting for the next look.
    private void Go(TimeSpan away)
    {
        var wasAttended = IsAttended;
        var now = _time.GetTimestamp();
        Volatile.Write(ref _lookAt, Later(now, away > LongestUnread ? BetweenLooks : away * Slack));
        Volatile.Write(ref _awayUntil, away > TimeSpan.Zero ? Later(now, away * Slack) : long.MinValue);
        if (wasAttended && !IsAttended) _wake.Signal();
    }

    // A connection that has ended says so at once; what else happens on the socket waits for whoever attends to it.
    private bool IsToRead(short happened) => happened != 0 || !IsAttended;

    // What came while somebody was away has waited long enough.
    private void Looked_NeedsLock(MosquittoConnection connection)
    {
        if (_awayUntil == long.MinValue || IsAttended) return;
        var now = _time.GetTimestamp();
        if (_awayUntil > now) Volatile.Write(ref _lookAt, Later(now, BetweenLooks));
        else Volatile.Write(ref _awayUntil, long.MinValue);
        if (connection.End is null && Holds) Write_NeedsLock(connection);
    }
}
