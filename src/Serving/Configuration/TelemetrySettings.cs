namespace EdgeRuntime.Serving.Configuration;

/// <summary>How the device tells of its work.</summary>
internal sealed record MetricsSettings
{
    /// <summary>Whether metrics are published over MQTT.</summary>
    public bool Publish { get; init; } = true;
    /// <summary>How often they are.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);
    /// <summary>Whether Prometheus is shown Triton's durations in microseconds as well.</summary>
    public bool TritonDurations { get; init; }
}

/// <summary>Which requests leave a trace, and where it goes.</summary>
internal sealed record TracingSettings
{
    /// <summary>The collector; null where nothing is traced.</summary>
    public Uri? OtlpEndpoint { get; init; }
    /// <summary>Share of the requests without a <c>traceparent</c> that are traced; one that has it says itself.</summary>
    public double SampleRatio { get; init; } = 0.01;
}
