using EdgeRuntime.Messaging;

namespace EdgeRuntime.Serving.Metrics;

/// <summary>
/// The one thing that the serving path records into, and that <see cref="PrometheusText"/> and <see cref="MetricsReport"/> read. Names of models
/// come from the configuration, never from requests; there are at most <see cref="MostModels"/>. Thread-safe; recording neither locks nor allocates.
/// </summary>
internal sealed class DeviceMetrics
{
    public const int MostModels = 512;

    private readonly Lock _making = new();
    private readonly ModelMetrics _others = new("_others");
    private volatile ModelMetrics[] _models = [];

    /// <param name="version">The program's.</param>
    /// <param name="time">The clock.</param>
    public DeviceMetrics(string version, TimeProvider time)
    {
        Started = time.GetUtcNow() - ProcessFacts.Age();
        BuildLabels = Labels.Of(("version", version), ("runtime", Environment.Version.ToString()));
    }

    /// <summary>When the process started.</summary>
    public DateTimeOffset Started { get; }

    /// <summary>The version and what it runs on.</summary>
    public byte[] BuildLabels { get; }

    /// <summary>Requests for models that are not configured; their names are the senders' and label nothing.</summary>
    public ModelMetrics Unknown { get; } = new("");

    /// <summary>The link to the broker; null where there is none.</summary>
    public IMqttLink? Link { get; set; }

    /// <summary>Answers that the link could not take.</summary>
    public Func<long>? AnswersLost { get; set; }

    /// <summary>Messages on topics that are none of ours.</summary>
    public Func<long>? Strays { get; set; }

    /// <summary>Requests that came again and were not run again.</summary>
    public Func<long>? Repeated { get; set; }

    /// <summary>Spans of traces: exported and dropped.</summary>
    public Func<(long Exported, long Dropped)>? Spans { get; set; }

    /// <summary>How a device is; null where nobody looks.</summary>
    public Func<ConditionGauges>? Condition { get; set; }

    /// <summary>How a device stands with its servers; null where it asks none.</summary>
    public Func<OffloadGauges>? Offload { get; set; }

    /// <summary>How the cluster is that computes for a server; null where it computes itself.</summary>
    public Func<ClusterGauges>? Cluster { get; set; }

    /// <summary>The models so far: a snapshot.</summary>
    public IReadOnlyList<ModelMetrics> Models => _models;

    /// <summary>The metrics of a configured model, made where there are none; prepare it once and keep it.</summary>
    public ModelMetrics Model(string model) => Find(model) ?? Make(model);

    private ModelMetrics? Find(string model)
    {
        foreach (var known in _models)
            if (known.Model == model) return known;
        return null;
    }

    private ModelMetrics Make(string model)
    {
        lock (_making)
        {
            if (Find(model) is { } made) return made;
            var metrics = _models.Length < MostModels ? new ModelMetrics(model) : _others;
            if (_models.Length <= MostModels && !_models.Contains(metrics)) _models = [.. _models, metrics];
            return metrics;
        }
    }
}
