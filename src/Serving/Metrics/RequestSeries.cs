using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Lanes;

namespace EdgeRuntime.Serving.Metrics;

/// <summary>
/// Requests of one model that one variant of one version took by one route. Whoever serves holds it; recording is a few atomic additions and
/// allocates nothing. Thread-safe.
/// </summary>
internal sealed class RequestSeries(string model, string version, string variant, string route)
{
    public string Version { get; } = version;
    public string Variant { get; } = variant;
    public string Route { get; } = route;

    public RequestCounters Counters { get; } = new();
    public Histogram Queue { get; } = new(HistogramScale.Latency);
    public Histogram Compute { get; } = new(HistogramScale.Latency);
    public Histogram Total { get; } = new(HistogramScale.Latency);

    /// <summary>The series' labels.</summary>
    public byte[] Labels { get; } = Metrics.Labels.Of(("model", model), ("version", version), ("variant", variant), ("route", route));

    /// <summary>The labels that Triton gives a model.</summary>
    public byte[] TritonLabels { get; } = Metrics.Labels.Of(("model", model), ("version", version));

    /// <summary>Counts one request that was admitted, when its answer is on its way.</summary>
    /// <param name="reason">How it ended.</param>
    /// <param name="queue">From its arrival to its run.</param>
    /// <param name="compute">Its run; zero where it had none, which is then not counted as a run.</param>
    /// <param name="total">From its arrival to its answer.</param>
    public void Request(RefusalReason reason, TimeSpan queue, TimeSpan compute, TimeSpan total)
    {
        Counters.Count(reason);
        Queue.Record(queue);
        if (compute > TimeSpan.Zero) Compute.Record(compute);
        Total.Record(total);
    }
}
