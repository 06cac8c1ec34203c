using EdgeRuntime.Benchmarks.Device;
using EdgeRuntime.Messaging;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Benchmarks.Load;

/// <summary>What a client sends: these requests in turn, at this rate where it does not wait for answers.</summary>
internal sealed record LoadStream(RunningDevice Device, string Model, IReadOnlyList<BenchRequest> Requests)
{
    /// <summary>
    /// What clients keep of their deadline for the answer's way back through the broker; the device is told the rest.
    /// </summary>
    public static TimeSpan WayBack { get; } = TimeSpan.FromMilliseconds(3);

    public double PerSecond { get; init; }

    /// <summary>From the moment at which a request ought to be sent.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(10);

    public int? Priority { get; init; }

    /// <summary>Whether a server may answer.</summary>
    public OffloadRule Offload { get; init; }

    public MqttQos Qos { get; init; } = MqttQos.AtLeastOnce;

    /// <summary>Of the moments of sending.</summary>
    public int Seed { get; init; } = 1;
}
