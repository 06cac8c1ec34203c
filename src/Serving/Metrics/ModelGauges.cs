namespace EdgeRuntime.Serving.Metrics;

/// <summary>What a model tells of itself when it is asked; what is null is not shown. Called on whichever thread reads the metrics.</summary>
internal sealed record ModelGauges
{
    /// <summary>Requests that wait.</summary>
    public Func<long>? QueueLength { get; init; }
    /// <summary>Requests that are being run.</summary>
    public Func<long>? InFlight { get; init; }
    /// <summary>How many requests may be in flight at present.</summary>
    public Func<long>? ConcurrencyLimit { get; init; }
    /// <summary>One of <see cref="ModelMetrics.States"/>.</summary>
    public Func<string>? State { get; init; }
    /// <summary>Bytes that its session and weights take.</summary>
    public Func<long>? LoadedBytes { get; init; }
    /// <summary>What is in service; null while nothing is.</summary>
    public Func<ModelInfo?>? Info { get; init; }
}

/// <summary>What of a model is in service.</summary>
internal readonly record struct ModelInfo(string Version, string Variant, string Form, string Provider);
