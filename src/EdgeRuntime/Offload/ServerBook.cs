using EdgeRuntime.Device.Configuration;
using EdgeRuntime.Serving.Beacons;

namespace EdgeRuntime.Device.Offload;

/// <summary>The servers that a device has heard of, and which of them is asked next. Not thread-safe: the desk locks.</summary>
internal sealed class ServerBook(string fleet, string device, OffloadSettings settings, Random chance)
{
    private const int Most = 64;

    private readonly Dictionary<string, KnownServer> _servers = new(StringComparer.Ordinal);
    private readonly List<Candidate> _candidates = [];

    public IReadOnlyCollection<KnownServer> All => _servers.Values;

    /// <summary>A server that could answer.</summary>
    /// <param name="Server">Which.</param>
    /// <param name="Line">Its model.</param>
    /// <param name="Mean">Seconds until its answer is here, expected.</param>
    /// <param name="Deviation">Their standard deviation.</param>
    public readonly record struct Candidate(KnownServer Server, KnownServer.Line Line, double Mean, double Deviation);

    /// <summary>The server that a beacon is of, with whether what it had is lost; null where there are too many already.</summary>
    public KnownServer? Heard(LoadBeacon beacon, double now, out bool isLost)
    {
        isLost = false;
        if (!_servers.TryGetValue(beacon.Server, out var server))
        {
            if (_servers.Count >= Most && !Forget()) return null;
            _servers.Add(beacon.Server, server = new KnownServer(fleet, device, beacon.Server, settings, new Random(chance.Next())));
        }
        isLost = server.Heard(beacon, now);
        return server;
    }

    /// <summary>
    /// The better one of two that were drawn by their speed (the power of two choices, Mitzenmacher 2001): beacons are old by up to a second, and the
    /// best by them would be everybody's.
    /// </summary>
    /// <param name="model">That is asked for.</param>
    /// <param name="priority">The request's.</param>
    /// <param name="now">Seconds.</param>
    /// <param name="outlook">What an answer takes from a server.</param>
    public Candidate? Choose(string model, int priority, double now, Func<KnownServer, KnownServer.Line, (double Mean, double Deviation)> outlook)
    {
        _candidates.Clear();
        foreach (var server in _servers.Values)
        {
            if (server.Find(model) is not { } line || !line.Takes(priority, now) || !server.Breaker.Allows(now)) continue;
            line.Read(priority, server.HeardAt);
            if (!line.Path.IsHeard(now)) continue;
            var (mean, deviation) = outlook(server, line);
            _candidates.Add(new Candidate(server, line, mean, deviation));
        }
        if (_candidates.Count == 0) return null;
        var (first, second) = (Draw(), Draw());
        return first.Mean <= second.Mean ? first : second;
    }

    private Candidate Draw()
    {
        double speeds = 0;
        foreach (var candidate in _candidates) speeds += Speed(candidate);
        double at = chance.NextDouble() * speeds;
        foreach (var candidate in _candidates)
            if ((at -= Speed(candidate)) <= 0) return candidate;
        return _candidates[^1];
    }

    private static double Speed(in Candidate candidate) => 1 / Math.Max(candidate.Line.Path.Server.Mean * candidate.Line.Load!.ServiceMicroseconds, 1);

    private bool Forget()
    {
        foreach (var (name, server) in _servers)
            if (!server.IsOnline) return _servers.Remove(name);
        return false;
    }
}
