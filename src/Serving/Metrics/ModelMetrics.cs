using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Lanes;

namespace EdgeRuntime.Serving.Metrics;

/// <summary>
/// What is counted of one model. Series are made when a variant comes into service, outside the serving path; there are at most
/// <see cref="MostSeries"/> for each configured version, and those of versions out of service go first. Thread-safe.
/// </summary>
internal sealed class ModelMetrics(string model)
{
    public const int MostSeries = 24;

    private const string Unversioned = "0";

    /// <summary>States that a model may be in.</summary>
    public static readonly string[] States = ["loading", "ready", "failed", "draining", "unloaded", "quarantined"];

    private readonly Lock _making = new();
    private volatile RequestSeries[] _series = [];
    private volatile VersionGauges[] _versions = [];

    public string Model { get; } = model;

    /// <summary>Label of the model alone.</summary>
    public byte[] Labels { get; } = Metrics.Labels.Of(("model", model));

    /// <summary>The labels that Triton gives a model, without a version.</summary>
    public byte[] TritonLabels { get; } = Metrics.Labels.Of(("model", model), ("version", ""));

    /// <summary>Labels of what no variant took.</summary>
    public byte[] RefusalLabels { get; } = Metrics.Labels.Of(("model", model), ("version", ""), ("variant", ""), ("route", ""));

    /// <summary>Requests that no variant took: not admitted, or dismissed.</summary>
    public RequestCounters Refusals { get; } = new();

    /// <summary>How long it took to refuse those that were not admitted.</summary>
    public Histogram RefusalTime { get; } = new(HistogramScale.Latency);

    /// <summary>Requests of each run.</summary>
    public Histogram BatchSize { get; } = new(HistogramScale.BatchSize);

    /// <summary>The series so far: a snapshot.</summary>
    public IReadOnlyList<RequestSeries> All => _series;

    /// <summary>The configured versions of the model, of which most have one: a snapshot.</summary>
    public IReadOnlyList<VersionGauges> Versions => _versions;

    /// <summary>A configured version tells of itself from now on; null for one that is not configured for a version of its own.</summary>
    public void Observe(string? version, ModelGauges gauges)
    {
        lock (_making) _versions = [.. _versions.Where(known => known.Version != version), new VersionGauges(Model, version, gauges)];
    }

    /// <summary>A version is not configured any more; what was counted of it stays.</summary>
    public void Forget(string? version)
    {
        lock (_making) _versions = [.. _versions.Where(known => known.Version != version)];
    }

    /// <summary>The series of a variant, made where there is none; prepare it once and keep it. No version is empty: that is for what has none.</summary>
    public RequestSeries Series(string variant, string route, string version = Unversioned) => Find(variant, route, version) ?? Make(variant, route, version);

    /// <summary>Counts one request that was not admitted.</summary>
    public void Refused(RefusalReason reason, TimeSpan total)
    {
        Refusals.Count(reason);
        RefusalTime.Record(total);
    }

    /// <summary>Counts one request that was admitted and that no variant answered.</summary>
    public void Dismissed(RefusalReason reason) => Refusals.Count(reason);

    /// <summary>Counts one run of so many requests.</summary>
    public void Batch(int size) => BatchSize.Record(size);

    /// <summary>All requests of an outcome, admitted or not.</summary>
    public long Count(InferenceStatus outcome)
    {
        long count = Refusals[outcome];
        foreach (var series in _series) count += series.Counters[outcome];
        return count;
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
        if (series.Length < MostSeries * Math.Max(1, _versions.Length)) return series;
        var serving = _versions.Select(known => known.Gauges.Info?.Invoke()?.Version).ToList();
        var oldest = Array.FindIndex(series, one => one.Version != version && !serving.Contains(one.Version));
        if (oldest < 0) oldest = Array.FindIndex(series, one => one.Version != version);
        return [.. series.Where((_, i) => i != Math.Max(oldest, 0))];
    }
}
