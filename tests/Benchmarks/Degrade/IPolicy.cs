using EdgeRuntime.Device.Offload;

namespace EdgeRuntime.Benchmarks.Degrade;

/// <summary>What decides, in a world that it sees as a device does. The oracle sees more.</summary>
internal interface IPolicy
{
    string Name { get; }

    /// <summary>A request has come.</summary>
    RouteDecision Arrive(World world, SimRequest request);

    /// <summary>The rung of a request whose run begins; negative to give it up.</summary>
    int Begin(World world, SimRequest request);

    /// <summary>A run has ended.</summary>
    void Ended(World world, int rung, double seconds);

    /// <summary>A request is on its way to the server.</summary>
    void Sent(World world, Sending sending);

    /// <summary>The server has answered, or refused.</summary>
    void Answered(World world, Sending sending);

    /// <summary>When to look at a request that has no answer yet, next; infinity for never.</summary>
    double NextLook(World world, Sending sending);

    /// <summary>Whether its local fallback is to wait in the queue from now on.</summary>
    bool NeedsFallback(World world, Sending sending);

    /// <summary>The server was heard of.</summary>
    void Heard(World world, double wait, double service);

    /// <summary>Another second has passed: sensors are read.</summary>
    void Second(World world);
}
