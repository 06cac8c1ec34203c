namespace EdgeRuntime.Serving.Beacons;

/// <summary>What a server says of its load, once a second. Format: docs/formats/offload.md.</summary>
internal sealed record LoadBeacon
{
    public const string Online = "online", Offline = "offline";

    public required string Server { get; init; }
    public required string State { get; init; }
    public string Reason { get; init; } = "";

    /// <summary>Another one at each start of the server.</summary>
    public string Boot { get; init; } = "";
    public string Version { get; init; } = "";

    /// <summary>What computes there: the provider of its models, or <c>cluster</c>.</summary>
    public string Executor { get; init; } = "";
    public IReadOnlyList<ModelLoad> Models { get; init; } = [];
}

/// <summary>How a server is with one of its models.</summary>
/// <param name="Name">The model's.</param>
/// <param name="Version">Of its bundle.</param>
/// <param name="Quality">Of its answers, relative to the fp32 parent.</param>
/// <param name="WaitMicroseconds">What a request waits that comes now, by its priority, lowest first.</param>
/// <param name="ServiceMicroseconds">What it takes from then on.</param>
/// <param name="Waiting">Requests that wait.</param>
internal sealed record ModelLoad(string Name, string Version, double Quality, IReadOnlyList<long> WaitMicroseconds, long ServiceMicroseconds, int Waiting);
