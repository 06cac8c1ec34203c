using EdgeRuntime.Serving.Degradation;

namespace EdgeRuntime.Device.Offload;

/// <summary>
/// What it takes to have a request answered by the server: its bytes behind those that are on their way, the round trip, the server's wait and
/// its run. Network and server each have a pace, since either may lie: a link that says nothing, a beacon that says too little. Not thread-safe.
/// </summary>
/// <param name="roundTrip">Seconds that are expected of an empty round trip.</param>
/// <param name="bytesPerSecond">Bandwidth that is expected.</param>
internal sealed class ServerPath(double roundTrip, double bytesPerSecond)
{
    private const double OldBeacon = 2.5, Aging = 0.5; // a beacon may be of any time of the last second; its error grows with its age

    private Pace _network = Pace.AsExpected, _server = Pace.AsExpected;
    private Beacon? _beacon;

    public Pace Network => _network;

    public Pace Server => _server;

    public void Heard(in Beacon beacon) => _beacon = beacon;

    /// <summary>Whether the server was heard of recently.</summary>
    public bool IsHeard(double now) => _beacon is { } beacon && now - beacon.At < OldBeacon;

    /// <summary>Seconds that the network is expected to take for so many bytes, before its pace.</summary>
    public double OnTheWay(double bytes) => roundTrip + (bytes / bytesPerSecond);

    /// <summary>Seconds that the server is expected to take, before its pace.</summary>
    public double AtTheServer => _beacon is { } beacon ? beacon.Wait + beacon.Service : 0;

    /// <summary>The mean and the standard deviation of what a request takes.</summary>
    /// <param name="bytes">Of the request.</param>
    /// <param name="ahead">Bytes of others that are on their way.</param>
    /// <param name="now">The time.</param>
    public (double Mean, double Deviation) Outlook(double bytes, double ahead, double now)
    {
        double way = OnTheWay(bytes + ahead), there = AtTheServer;
        double age = _beacon is { } beacon ? now - beacon.At : OldBeacon;
        double variance = (way * way * (_network.Spread + _network.Noise)) + (there * there * (_server.Spread + _server.Noise)) + Math.Pow(Aging * age * there, 2);
        return ((way * _network.Mean) + (there * _server.Mean), Math.Sqrt(variance));
    }

    /// <summary>An answer came.</summary>
    /// <param name="bytes">Of the request and of those that were ahead of it.</param>
    /// <param name="total">Seconds from sending to the answer.</param>
    /// <param name="atTheServer">Seconds of them that the server says it took.</param>
    /// <param name="promised">What <see cref="AtTheServer"/> was when it was sent.</param>
    public void Learn(double bytes, double total, double atTheServer, double promised)
    {
        _network.Learn(Math.Max(total - atTheServer, 1e-4), OnTheWay(bytes));
        if (promised > 0) _server.Learn(Math.Max(atTheServer, 1e-4), promised);
    }

    /// <summary>An answer has not come yet: what is known to be slow is known at once.</summary>
    public void LearnStillGoing(double bytes, double elapsed, double promised)
    {
        double network = elapsed - (promised * _server.Mean);
        if (network > 0) _network.LearnStillGoing(network, OnTheWay(bytes));
    }
}
