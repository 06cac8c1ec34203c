using EdgeRuntime.Serving.Hosting;
using EdgeRuntime.Serving.Lanes;

namespace EdgeRuntime.Device.Offload;

// What does not come back. Looked for while something is on its way, and a little longer.
internal sealed partial class OffloadDesk
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20), Guard = TimeSpan.FromMilliseconds(5);

    private readonly ITimer _timer;
    private int _isArmed;

    /// <summary>The broker is gone: no answer comes on this connection any more.</summary>
    public void Disconnected()
    {
        lock (_gate)
            foreach (var server in _book.All) Failed_NeedsLock(server, null, "the broker is gone");
        Lose(_ => true, "the broker is gone");
    }

    public async Task DrainAsync(TimeSpan patience)
    {
        await Periodic.WhileAsync(() => Array.Exists(Snapshot(), static sending => !sending.HasFallback), Interval, patience, _time).ConfigureAwait(false);
        foreach (var sending in Snapshot())
            if (!sending.HasFallback) Lose(sending, ModelRunner.Abandoned);
    }

    public void Dispose() => _timer.Dispose();

    private void Arm()
    {
        if (Interlocked.Exchange(ref _isArmed, 1) == 0) _timer.Change(Interval, Timeout.InfiniteTimeSpan);
    }

    private void Look()
    {
        Volatile.Write(ref _isArmed, 0);
        var sendings = Snapshot();
        foreach (var sending in sendings) Look(sending);
        if (sendings.Length > 0) Arm();
    }

    private void Look(Sending sending)
    {
        lock (_gate)
        {
            double now = Now();
            if (!sending.IsLate && now >= sending.LateAt && _sendings.ContainsKey(sending.Id))
            {
                sending.IsLate = true;
                sending.Line.Path.LearnStillGoing(sending.Bytes, now - sending.SentAt, sending.Promised);
                Failed_NeedsLock(sending.Server, null, $"no answer within {(now - sending.SentAt) * 1000:f0} ms");
            }
        }
        if (!sending.HasFallback && _time.GetElapsedTime(_time.GetTimestamp(), sending.Due) <= Guard)
            Lose(sending, new Outcome(RefusalReason.Deadline, $"server '{sending.Server.Name}' did not answer before the deadline"));
    }

    private void Lose(Func<Sending, bool> isLost, string why)
    {
        foreach (var sending in Snapshot())
            if (isLost(sending)) Lose(sending, new Outcome(RefusalReason.NoServer, $"{why}, and this device cannot answer in time", TimeSpan.FromSeconds(1)));
    }

    // With a fallback it is the lane's, which takes it in its turn; else its client is told at once.
    private void Lose(Sending sending, in Outcome outcome)
    {
        lock (sending.Gate)
        {
            if (!sending.TryEnd_NeedsLock()) return;
            LearnNothing(sending);
            if (sending.HasFallback) sending.Lane.Release(sending.Pending);
            else _parts.Dismissal.End(sending.Pending, sending.Lane.Name, outcome);
        }
    }

    private void Failed_NeedsLock(KnownServer server, TimeSpan? retryAfter, string why)
    {
        bool wasOpen = server.Breaker.IsOpen;
        server.Breaker.Failed(Now(), retryAfter?.TotalSeconds ?? 0);
        _risk.Failed();
        if (!wasOpen && server.Breaker.IsOpen) _parts.Log.Warning("offload", $"server '{server.Name}' is not asked for a while: {why}");
    }
}
