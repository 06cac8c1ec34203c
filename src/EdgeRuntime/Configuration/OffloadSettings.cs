namespace EdgeRuntime.Device.Configuration;

/// <summary>How a device hands requests to servers.</summary>
internal sealed record OffloadSettings
{
    /// <summary>Requests that may be with servers at once.</summary>
    public int InFlight { get; init; } = 32;

    /// <summary>How many of them, at most, may be such that the device could not answer itself: they are lost with a server.</summary>
    public int AtRisk { get; init; } = 16;

    /// <summary>A file that decisions are logged to, for <c>explain</c>; null for none.</summary>
    public string? Decisions { get; init; }

    /// <summary>What the way to a server and back is expected to take before it was measured.</summary>
    public TimeSpan RoundTrip { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Bytes a second that the way is expected to carry before it was measured.</summary>
    public double BytesPerSecond { get; init; } = 2.5e6;
}
