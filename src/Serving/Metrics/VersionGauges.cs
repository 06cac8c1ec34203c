namespace EdgeRuntime.Serving.Metrics;

/// <summary>What one configured version of a model tells of itself, with its labels, made once. Thread-safe.</summary>
/// <param name="model">The model's name.</param>
/// <param name="version">The version that it is configured for; null for whichever its source has, which labels nothing.</param>
/// <param name="gauges">Asked when metrics are read.</param>
internal sealed class VersionGauges(string model, string? version, ModelGauges gauges)
{
    private volatile InfoLabels? _info;

    public string? Version { get; } = version;

    public ModelGauges Gauges { get; } = gauges;

    public byte[] Labels { get; } = Metrics.Labels.OfModel(model, version);

    /// <summary>The labels that Triton gives it.</summary>
    public byte[] TritonLabels { get; } = Metrics.Labels.Of(("model", model), ("version", version ?? ""));

    /// <summary>Labels of each of <see cref="ModelMetrics.States"/>.</summary>
    public IReadOnlyList<byte[]> StateLabels { get; } =
    [
        .. ModelMetrics.States.Select(state => version is null
            ? Metrics.Labels.Of(("model", model), ("state", state))
            : Metrics.Labels.Of(("model", model), ("version", version), ("state", state))),
    ];

    /// <summary>Labels that tell what is in service; kept until that changes.</summary>
    public byte[] LabelsOf(ModelInfo info)
    {
        var known = _info;
        if (known is null || known.Info != info)
        {
            _info = known = new InfoLabels(info, Metrics.Labels.Of(
                ("model", model), ("version", info.Version), ("variant", info.Variant), ("form", info.Form), ("provider", info.Provider)));
        }
        return known.Labels;
    }

    private sealed record InfoLabels(ModelInfo Info, byte[] Labels);
}
