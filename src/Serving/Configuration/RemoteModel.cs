namespace EdgeRuntime.Serving.Configuration;

/// <summary>A model as another host knows it, which this one may ask for it.</summary>
internal sealed record RemoteModel
{
    /// <summary>Its name there.</summary>
    public required string Name { get; init; }
    /// <summary>The version that is to answer; empty for that host's choice.</summary>
    public string Version { get; init; } = "";
    /// <summary>Of its answers, relative to the fp32 parent.</summary>
    public double Quality { get; init; } = 1;
    /// <summary>Whether no bundle of it is served here.</summary>
    public bool IsAlone { get; init; }
}
