namespace EdgeRuntime.Offload.Cluster;

/// <summary>The time of one call: its token is cancelled when the budget is used up or the caller gives up, whichever is first.</summary>
internal sealed class ClusterDeadline : IDisposable
{
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly CancellationToken _caller;
    private readonly CancellationTokenSource _late, _either;

    public ClusterDeadline(TimeSpan budget, TimeSpan most, TimeProvider time, CancellationToken caller)
    {
        (Budget, _time, _start, _caller) = (budget < most ? budget : most, time, time.GetTimestamp(), caller);
        _late = new CancellationTokenSource(Budget > TimeSpan.Zero ? Budget : TimeSpan.Zero, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_late.Token, caller);
    }

    public TimeSpan Budget { get; }

    /// <summary>What is left; zero or less once it is used up.</summary>
    public TimeSpan Left => Budget - _time.GetElapsedTime(_start);

    public CancellationToken Token => _either.Token;

    /// <summary>Whether the caller gave up; else what was cancelled was late.</summary>
    public bool IsGivenUp => _caller.IsCancellationRequested;

    public bool IsLate => _late.IsCancellationRequested || Left <= TimeSpan.Zero;

    public void Dispose()
    {
        _either.Dispose();
        _late.Dispose();
    }
}
