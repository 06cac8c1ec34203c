using EdgeRuntime.Device.Serving;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Device.Metrics;

/// <summary>
/// What is counted of one model. Series are made when a variant comes into service, outside the serving path; there are at most
/// <see cref="MostSeries"/>, and those of versions out of service go first. Thread-safe.
/// </summary>
internal sealed class ModelMetrics(string model)
{
    public const int MostSeries = 24;

    private const string Unversioned = "0";

    /// <summary>States that a model may be in.</summary>
    public static readonly string[] States = ["loading", "ready", "failed", "draining", "unloaded", "quarantined"];

    private readonly Lock _making = new();
    private volatile RequestSeries[] _series = [];
    private volatile ModelGauges _gauges = new();
    private volatile InfoLabels? _info;

    public string Model { get; } = model;

    /// <summary>Label of the model alone.</summary>
    public byte[] Labels { get; } = Metrics.Labels.Of(("model", model));

    /// <summary>The labels that Triton gives a model, without a version.</summary>
    public byte[] TritonLabels { get; } = Metrics.Labels.Of(("model", model), ("version", ""));

    /// <summary>Labels of each of <see cref="States"/>.</summary>
    public IReadOnlyList<byte[]> StateLabels { get; } = [.. States.Select(state => Metrics.Labels.Of(("model", model), ("state", state)))];

    /// <summary>Labels of what no variant took.</summary>
    public byte[] RefusalLabels { get; } = Metrics.Labels.Of(("model", model), ("version", ""), ("variant", ""), ("route", ""));

    /// <summary>Requests that were not admitted.</summary>
    public RequestCounters Refusals { get; } = new();

    /// <summary>How long it took to refuse them.</summary>
    public Histogram RefusalTime { get; } = new(HistogramScale.Latency);

    /// <summary>Requests of each run.</summary>
    public Histogram BatchSize { get; } = new(HistogramScale.BatchSize);

    /// <summary>The series so far: a snapshot.</summary>
    public IReadOnlyList<RequestSeries> All => _series;

    /// <summary>Asked when metrics are read; set anew when the model is replaced.</summary>
    public ModelGauges Gauges
    {
        get => _gauges;
        set => _gauges = value;
    }

    /// <summary>The series of a variant, made where there is none; prepare it once and keep it. No version is empty: that is for what has none.</summary>
    public RequestSeries Series(string variant, string route, string version = Unversioned) => Find(variant, route, version) ?? Make(variant, route, version);

    /// <summary>Counts one request that was not admitted.</summary>
    public void Refused(InferenceStatus outcome, RefusalReason reason, TimeSpan total)
    {
        Refusals.Count(outcome, reason);
        RefusalTime.Record(total);
    }

    /// <summary>Counts one run of so many requests.</summary>
    public void Batch(int size) => BatchSize.Record(size);

    /// <summary>All requests of an outcome, admitted or not.</summary>
    public long Count(InferenceStatus outcome)
    {
        long count = Refusals[outcome];
        foreach (var series in _series) count += series.Counters[outcome];
        return count;
    }

    /// <summary>Labels that tell what is in service; kept until that changes.</summary>
    public byte[] LabelsOf(ModelInfo info)
    {
        var known = _info;
        if (known is null || known.Info != info)
        {
            _info = known = new InfoLabels(info, Metrics.Labels.Of(
                ("model", Model), ("version", info.Version), ("variant", info.Variant), ("form", info.Form), ("provider", info.Provider)));
        }
        return known.Labels;
    }

    private RequestSeries? Find(string variant, string route, string version)
    {
        foreach (var series in _series)
            if (series.Variant == variant && series.Route == route && series.Version == version) return series;
        return null;
    }

    private RequestSeries Make(string variant, string route, string version)
    {
        lock (_making)
        {
            if (Find(variant, route, version) is { } made) return made;
            var series = new RequestSeries(Model, version, variant, route);
            _series = [.. Kept(version), series];
            return series;
        }
    }

    // A version that served long ago is asked about no more, while its counters would fill memory over years of updates.
    private RequestSeries[] Kept(string version)
    {
        var series = _series;
        if (series.Length < MostSeries) return series;
        var oldest = Array.FindIndex(series, one => one.Version != version);
        return [.. series.Where((_, i) => i != Math.Max(oldest, 0))];
    }

    private sealed record InfoLabels(ModelInfo Info, byte[] Labels);
}
