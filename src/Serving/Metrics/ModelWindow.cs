using System.Text.Json;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Serving.Metrics;

/// <summary>What happened to one model since the last look, and what it has counted in all. Keeps its arrays. One thread.</summary>
internal sealed class ModelWindow(ModelMetrics model)
{
    private readonly HistogramWindow _queue = new(HistogramScale.Latency), _compute = new(HistogramScale.Latency), _total = new(HistogramScale.Latency);
    private readonly HistogramWindow _batches = new(HistogramScale.BatchSize);
    private long _ok, _late, _failed, _refused, _okBefore, _requestsBefore, _batchSum, _batchSumBefore;

    /// <summary>Ends a window and begins the next.</summary>
    public void Roll()
    {
        (_okBefore, _requestsBefore, _batchSumBefore) = (_ok, Requests, _batchSum);
        (_ok, _late, _failed) = (model.Count(InferenceStatus.Ok), model.Count(InferenceStatus.DeadlineExceeded), model.Count(InferenceStatus.Internal));
        _refused = Rest();
        _batchSum = model.BatchSize.Sum;
        Roll(_queue, static series => series.Queue);
        Roll(_compute, static series => series.Compute);
        Roll(_total, static series => series.Total);
        model.BatchSize.AddTo(_batches.Open());
        _batches.Close();
    }

    /// <summary>The window that ended last.</summary>
    /// <param name="json">Takes one object.</param>
    /// <param name="window">How long it was.</param>
    public void Write(Utf8JsonWriter json, TimeSpan window)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, model.Model);
        json.WriteNumber("ok"u8, _ok);
        json.WriteNumber("refused"u8, _refused);
        json.WriteNumber("late"u8, _late);
        json.WriteNumber("failed"u8, _failed);
        Rate(json, "okPerSecond"u8, _ok - _okBefore, window);
        Rate(json, "perSecond"u8, Requests - _requestsBefore, window);
        Sum(json, "queue"u8, static gauges => gauges.QueueLength);
        Sum(json, "inFlight"u8, static gauges => gauges.InFlight);
        if (_batches.Count > 0) json.WriteNumber("batch"u8, Math.Round((_batchSum - _batchSumBefore) / (double)_batches.Count, 2));
        Quantiles(json, "queueUs"u8, _queue);
        Quantiles(json, "computeUs"u8, _compute);
        Quantiles(json, "totalUs"u8, _total);
        json.WriteEndObject();
    }

    private long Requests => _ok + _late + _failed + _refused;

    private long Rest()
    {
        long count = 0;
        for (var outcome = InferenceStatus.Ok; (int)outcome < RequestCounters.Outcomes; outcome++)
            if (outcome is not (InferenceStatus.Ok or InferenceStatus.DeadlineExceeded or InferenceStatus.Internal)) count += model.Count(outcome);
        return count;
    }

    private void Roll(HistogramWindow window, Func<RequestSeries, Histogram> histogram)
    {
        var counts = window.Open();
        foreach (var series in model.All) histogram(series).AddTo(counts);
        window.Close();
    }

    // Of all versions; absent where none knows.
    private void Sum(Utf8JsonWriter json, ReadOnlySpan<byte> name, Func<ModelGauges, Func<long>?> value)
    {
        long? sum = null;
        foreach (var version in model.Versions)
            if (value(version.Gauges) is { } ask) sum = (sum ?? 0) + ask();
        if (sum is { } known) json.WriteNumber(name, known);
    }

    private static void Rate(Utf8JsonWriter json, ReadOnlySpan<byte> name, long count, TimeSpan window) =>
        json.WriteNumber(name, window > TimeSpan.Zero ? Math.Round(Math.Max(0, count) / window.TotalSeconds, 2) : 0);

    // An idle model has no latency, which is not a latency of zero.
    private static void Quantiles(Utf8JsonWriter json, ReadOnlySpan<byte> name, HistogramWindow window)
    {
        if (window.Count == 0) return;
        json.WriteStartObject(name);
        json.WriteNumber("p50"u8, Microseconds(window.Quantile(0.50)));
        json.WriteNumber("p95"u8, Microseconds(window.Quantile(0.95)));
        json.WriteNumber("p99"u8, Microseconds(window.Quantile(0.99)));
        json.WriteEndObject();
    }

    private static long Microseconds(double ticks) => (long)Math.Round(ticks / TimeSpan.TicksPerMicrosecond);
}
