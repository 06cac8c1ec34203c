using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Offload.Cluster;
using EdgeRuntime.Serving.Logging;

namespace EdgeRuntime.Offload.Execution;

/// <summary>
/// Asks a cluster again and again whether it and its models are ready: once a second, more seldom while it is away, with jitter so that a pool does not ask
/// as one. A call that cannot reach it has it asked at once. Thread-safe.
/// </summary>
internal sealed class ClusterHealth(IClusterClient client, Func<IReadOnlyList<ClusterLine>> lines, Action changed, EventLog log, TimeProvider time, Random chance) : IAsyncDisposable
{
    private const double Jitter = 0.25;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1), LongestInterval = TimeSpan.FromSeconds(5), Patience = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private TaskCompletionSource _wanted = NotWanted();
    private Task _running = Task.CompletedTask;
    private TimeSpan _interval = Interval;
    private volatile string? _away = "it was not asked yet";
    private long _answeredAt;

    public bool IsUp => _away is null;

    /// <summary>Why it is away.</summary>
    public string Reason => _away ?? "";

    public void Start() => _running = Task.Run(RunAsync);

    /// <summary>It has just answered a request.</summary>
    public void Answered() => Volatile.Write(ref _answeredAt, time.GetTimestamp());

    /// <summary>A call could not reach it: it is away until it says otherwise, for which it is asked now.</summary>
    public void Lost(string reason)
    {
        Turn(reason);
        lock (_gate) _wanted.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _stop.Dispose();
        client.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            await AskAsync().ConfigureAwait(false);
            await SleepAsync().ConfigureAwait(false);
        }
    }

    private async Task SleepAsync()
    {
        Task wanted;
        lock (_gate) wanted = _wanted.Task;
        using var sleep = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        await Task.WhenAny(Task.Delay(_interval * (1 - Jitter + (2 * Jitter * chance.NextDouble())), time, sleep.Token), wanted).ConfigureAwait(false);
        await sleep.CancelAsync().ConfigureAwait(false);
        lock (_gate)
            if (_wanted.Task.IsCompleted) _wanted = NotWanted();
    }

    private static TaskCompletionSource NotWanted() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task AskAsync()
    {
        long asked = time.GetTimestamp();
        var outcome = await client.ServerReadyAsync(Patience, _stop.Token).ConfigureAwait(false);
        if (_stop.IsCancellationRequested) return;
        // A cluster that computes and is slow to say so is not away.
        bool isUp = outcome.IsOk || (outcome.Fault == ClusterFault.Late && Volatile.Read(ref _answeredAt) > asked);
        _interval = isUp ? Interval : Min(_interval * 2, LongestInterval);
        if (isUp && outcome.IsOk) await Task.WhenAll(lines().Select(AskAsync)).ConfigureAwait(false);
        Turn(isUp ? null : outcome.Message);
    }

    private async Task AskAsync(ClusterLine line)
    {
        var (before, remote) = (line.Standing, line.Remote);
        if (!remote.IsAlone && line.Lane.Model is null) return; // asked when there is something to hold it against
        var ready = await client.ModelReadyAsync(before.Model, Patience, _stop.Token).ConfigureAwait(false);
        if (!ready.IsOk)
        {
            if (ready.Fault != ClusterFault.Late) Stand(line, before.NotReady(ready.Message));
            return;
        }
        if (before.IsReady) return;
        var (outcome, metadata) = await client.ModelMetadataAsync(before.Model, Patience, _stop.Token).ConfigureAwait(false);
        if (!outcome.IsOk) Stand(line, before.NotReady(outcome.Message));
        else if (ClusterFit.Complaint(line.Lane.Model, metadata!) is { } complaint) Stand(line, before.NotReady(complaint));
        else Stand(line, new LineStanding(new ClusterModel(remote.Name, remote.Version, metadata!.Outputs.Count > 0 ? metadata : null), true, "", metadata));
    }

    private void Stand(ClusterLine line, LineStanding next)
    {
        var before = line.Standing;
        line.Standing = next;
        if (before.IsReady == next.IsReady && before.Reason == next.Reason) return;
        if (next.IsReady) log.Info(line.Lane.Id, $"the cluster {client.Address} has {next.Model}");
        else log.Warning(line.Lane.Id, $"the cluster is not asked for it: {next.Reason}");
    }

    // The lanes tell what is ready; who publishes it is told of changes alone.
    private void Turn(string? away)
    {
        bool isChange = (_away is null) != (away is null);
        _away = away;
        if (isChange && away is null) log.Info("cluster", $"{client.Address} is ready");
        if (isChange && away is not null) log.Warning("cluster", $"{client.Address} is away: {away}");
        foreach (var line in lines())
        {
            var told = away is null ? line.Standing.Metadata : null;
            isChange |= (told is null) != (line.Lane.Told is null);
            line.Lane.Told = told;
        }
        if (isChange) changed();
    }

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
