using System.Buffers;
using EdgeRuntime.Serving.Logging;

namespace EdgeRuntime.Serving.Tracing;

/// <summary>
/// Sends what a tracer kept to a collector, OTLP over HTTP in JSON, in batches. A batch that the collector may take later is tried again with
/// growing pauses, a few times; meanwhile the tracer fills up and drops. Never throws.
/// </summary>
internal sealed class OtlpExporter
{
    public const int BatchRequests = 128, Attempts = 5;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1), AttemptLimit = TimeSpan.FromSeconds(10), LastLimit = TimeSpan.FromSeconds(1), LongestPause = TimeSpan.FromSeconds(30);

    private readonly Tracer _tracer;
    private readonly OtlpJson _encoder;
    private readonly HttpPost _post;
    private readonly EventLog _log;
    private readonly Random _chance;
    private readonly TimeProvider _time;
    private readonly SampledRequest[] _batch = new SampledRequest[BatchRequests];
    private readonly ArrayBufferWriter<byte> _body = new();
    private long _exported, _dropped;
    private bool _isFailing;

    /// <param name="tracer">Whose requests are sent.</param>
    /// <param name="endpoint">The collector, to which <c>/v1/traces</c> is added.</param>
    /// <param name="encoder">Makes the body.</param>
    /// <param name="log">Told when the collector fails and when it is back.</param>
    /// <param name="chance">Spreads the pauses of many devices.</param>
    /// <param name="time">The clock.</param>
    public OtlpExporter(Tracer tracer, Uri endpoint, OtlpJson encoder, EventLog log, Random chance, TimeProvider time)
    {
        (_tracer, _encoder, _log, _chance, _time) = (tracer, encoder, log, chance, time);
        _post = new HttpPost(new Uri(endpoint.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/v1/traces"), "application/json");
    }

    /// <summary>Spans that the collector took, and spans that were lost; of a request that found no room, all that it may have had.</summary>
    public (long Exported, long Dropped) Spans =>
        (Interlocked.Read(ref _exported), Interlocked.Read(ref _dropped) + _tracer.Dropped * OtlpJson.MostSpansOfARequest);

    /// <summary>Exports until <paramref name="stop"/>, and then once more what waits, for a second at most.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await PauseAsync(Interval, stop).ConfigureAwait(false);
            while (!stop.IsCancellationRequested && TakeBatch() is > 0 and var spans) await ExportAsync(spans, stop).ConfigureAwait(false);
        }
        if (TakeBatch() is > 0 and var last) Settle(last, await TryAsync(LastLimit, CancellationToken.None).ConfigureAwait(false));
    }

    private int TakeBatch()
    {
        int taken = _tracer.Take(_batch);
        if (taken == 0) return 0;
        _body.ResetWrittenCount();
        return _encoder.Write(_batch.AsSpan(0, taken), _body);
    }

    private async Task ExportAsync(int spans, CancellationToken stop)
    {
        HttpAnswer? answer = null;
        for (int attempt = 0; attempt < Attempts && !stop.IsCancellationRequested; attempt++)
        {
            answer = await TryAsync(AttemptLimit, stop).ConfigureAwait(false);
            if (answer is { } given && !given.MayBeRetried) break;
            if (attempt + 1 < Attempts) await PauseAsync(answer?.RetryAfter ?? Backoff(attempt), stop).ConfigureAwait(false);
        }
        Settle(spans, answer);
    }

    // Null where there was no answer, which is tried again as well.
    private async Task<HttpAnswer?> TryAsync(TimeSpan limit, CancellationToken stop)
    {
        using var late = new CancellationTokenSource(limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);
        try
        {
            var answer = await _post.SendAsync(_body.WrittenMemory, either.Token).ConfigureAwait(false);
            Note(answer.IsSuccess ? null : $"it answered {answer.Status}");
            return answer;
        }
        catch (IOException error)
        {
            Note(error.Message);
        }
        catch (OperationCanceledException)
        {
            if (!stop.IsCancellationRequested) Note($"no answer within {limit.TotalSeconds} s");
        }
        return null;
    }

    private void Settle(int spans, HttpAnswer? answer)
    {
        if (answer is { IsSuccess: true }) Interlocked.Add(ref _exported, spans);
        else Interlocked.Add(ref _dropped, spans);
    }

    // Once when it begins to fail and once when it is back: a collector may be gone for weeks.
    private void Note(string? failure)
    {
        if (failure is not null == _isFailing) return;
        _isFailing = failure is not null;
        if (_isFailing) _log.Warning("tracing", $"the collector did not take the traces: {failure}; they are dropped while that lasts");
        else _log.Info("tracing", "the collector takes traces");
    }

    private TimeSpan Backoff(int attempt)
    {
        var pause = TimeSpan.FromSeconds(Math.Pow(2, attempt)) * (0.5 + _chance.NextDouble());
        return pause < LongestPause ? pause : LongestPause;
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken stop) =>
        await Task.Delay(pause, _time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
