using System.Buffers.Binary;
using System.Diagnostics;
using EdgeRuntime.Benchmarks.Device;
using EdgeRuntime.Messaging;

namespace EdgeRuntime.Benchmarks.Load;

/// <summary>
/// One client with a connection of its own. Either it sends by its own time table, Poisson arrivals that wait for no answer, or it keeps a
/// number of requests under way. One run at a time.
/// </summary>
internal sealed class LoadClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20), Silence = TimeSpan.FromSeconds(1.5), Glance = TimeSpan.FromMilliseconds(10);

    private readonly string _name;
    private readonly MosquittoLink _link;
    private readonly SemaphoreSlim _permits = new(0);
    private int _run;
    private long _droppedBefore;
    private volatile RequestLog? _log;

    private LoadClient(string name, int port)
    {
        _name = name;
        // A broker that comes back is found at once, so that its absence is not measured twice.
        var options = new MqttLinkOptions
        {
            Host = "127.0.0.1",
            Port = port,
            ClientId = name,
            CleanStart = true,
            OutgoingLimitMessages = 1 << 14,
            BackoffMaximum = TimeSpan.FromMilliseconds(500),
            IsHandlerQuick = true,
        };
        _link = MosquittoLink.Create(options, Take, TimeProvider.System);
    }

    public static async Task<LoadClient> ConnectAsync(string name, int port)
    {
        var client = new LoadClient(name, port);
        using var late = new CancellationTokenSource(Patience);
        await client._link.ConnectAsync(late.Token);
        await client._link.SubscribeAsync(Topics.ClientFilter(DeviceFolder.Fleet, name), MqttQos.AtLeastOnce, MqttSubscribeOptions.None, late.Token);
        return client;
    }

    /// <summary>Sends at the stream's rate, whatever the answers do, and waits for those that are due.</summary>
    public async Task<RequestLog> SendAsync(LoadStream stream, TimeSpan duration)
    {
        var log = Begin((int)(stream.PerSecond * duration.TotalSeconds * 1.5) + 100);
        await Task.Factory.StartNew(() => Drive(stream, log, duration), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return await EndAsync(log, stream.Deadline);
    }

    /// <summary>Keeps so many requests under way: a new one for each answer.</summary>
    public async Task<RequestLog> KeepAsync(LoadStream stream, int underWay, TimeSpan duration, int most)
    {
        var log = Begin(most);
        _permits.Release(underWay);
        await Task.Factory.StartNew(() => Keep(stream, log, duration), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return await EndAsync(log, stream.Deadline);
    }

    public async ValueTask DisposeAsync()
    {
        await _link.DisposeAsync();
        _permits.Dispose();
    }

    private RequestLog Begin(int limit)
    {
        var log = new RequestLog(limit);
        while (_permits.Wait(0))
        {
            // permits that the run before left
        }
        _run++;
        _droppedBefore = _link.Counters.DroppedOutgoing;
        return _log = log;
    }

    private async Task<RequestLog> EndAsync(RequestLog log, TimeSpan deadline)
    {
        await DrainAsync(log, deadline);
        var counters = _link.Counters;
        log.NeverLeft += (int)(counters.DroppedOutgoing - _droppedBefore) + counters.OutgoingMessages;
        return log;
    }

    private void Drive(LoadStream stream, RequestLog log, TimeSpan duration)
    {
        var chance = new Random(stream.Seed);
        var sender = new RequestSender(_link, _name, stream, _run);
        var due = Stopwatch.GetTimestamp();
        var end = MonotonicClock.After(due, duration);
        while (!log.IsFull)
        {
            due = MonotonicClock.After(due, TimeSpan.FromSeconds(-Math.Log(1 - chance.NextDouble()) / stream.PerSecond));
            if (due >= end) break;
            MonotonicClock.SleepUntil(due);
            Send(stream, log, sender, due);
        }
        MonotonicClock.SleepUntil(end);
    }

    private void Keep(LoadStream stream, RequestLog log, TimeSpan duration)
    {
        var sender = new RequestSender(_link, _name, stream, _run);
        var end = MonotonicClock.After(Stopwatch.GetTimestamp(), duration);
        while (!log.IsFull && Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), end) is var left && left > TimeSpan.Zero)
        {
            if (_permits.Wait(left)) Send(stream, log, sender, Stopwatch.GetTimestamp());
        }
    }

    private static void Send(LoadStream stream, RequestLog log, RequestSender sender, long due)
    {
        var now = Stopwatch.GetTimestamp();
        var number = log.Add(due, now);
        if (!sender.Send(number, stream.Deadline - Stopwatch.GetElapsedTime(due, now))) log.NeverLeft++;
    }

    // What is not answered by its deadline, or after the others fell silent, never will be.
    private static async Task DrainAsync(RequestLog log, TimeSpan deadline)
    {
        using var late = new CancellationTokenSource(deadline + Silence);
        var (answered, changed) = (log.Answered, Stopwatch.GetTimestamp());
        while (!log.IsAnswered && !late.IsCancellationRequested && Stopwatch.GetElapsedTime(changed) < Silence)
        {
            await Task.Delay(Glance, CancellationToken.None);
            if (log.Answered != answered) (answered, changed) = (log.Answered, Stopwatch.GetTimestamp());
        }
    }

    private void Take(MqttMessage message)
    {
        using (message)
        {
            var correlation = message.CorrelationData;
            if (correlation.Length != RequestSender.CorrelationBytes || BinaryPrimitives.ReadInt32LittleEndian(correlation) != Volatile.Read(ref _run)) return;
            if (_log is { } log && log.Note(BinaryPrimitives.ReadInt32LittleEndian(correlation[sizeof(int)..]), message)) _permits.Release();
        }
    }
}
