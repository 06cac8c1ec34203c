using System.Text;
using EdgeRuntime.Device.Configuration;
using EdgeRuntime.Messaging;
using EdgeRuntime.Serving.Beacons;
using EdgeRuntime.Serving.Degradation;

namespace EdgeRuntime.Device.Offload;

/// <summary>A server that was heard of: what it says of itself, and what its answers say of it. Not thread-safe: its book locks.</summary>
internal sealed class KnownServer(string fleet, string device, string name, OffloadSettings settings, Random chance)
{
    private const int Priorities = 10;

    private readonly Dictionary<string, Line> _models = new(StringComparer.Ordinal);
    private string _boot = "";

    public string Name { get; } = name;

    /// <summary>Where it is told what it need not answer any more.</summary>
    public byte[] CancelTopic { get; } = Encoding.UTF8.GetBytes(Topics.ServerCancel(fleet, name, device));

    public Breaker Breaker { get; } = new(chance);

    public bool IsOnline { get; private set; }

    /// <summary>When it was heard of last, in seconds.</summary>
    public double HeardAt { get; private set; } = double.NegativeInfinity;

    /// <summary>One of its models.</summary>
    /// <param name="Topic">Of requests.</param>
    /// <param name="Path">What it takes to have an answer from there.</param>
    public sealed record Line(byte[] Topic, ServerPath Path)
    {
        public ModelLoad? Load { get; set; }

        private readonly double[] _refusedUntil = new double[Priorities];

        /// <summary>The server had no room for a request of that priority, nor has it for lower ones for a while.</summary>
        public void Refused(int priority, double until)
        {
            for (int i = 0; i <= priority; i++) _refusedUntil[i] = Math.Max(_refusedUntil[i], until);
        }

        public bool Takes(int priority, double now) => now >= _refusedUntil[priority];

        /// <summary>What the beacon says to a request of that priority.</summary>
        public void Read(int priority, double heardAt) => Path.Heard(new Beacon(Load!.WaitMicroseconds[priority] / 1e6, Load.ServiceMicroseconds / 1e6, heardAt));
    }

    /// <param name="beacon">Its own.</param>
    /// <param name="now">Seconds.</param>
    /// <returns>Whether what it had is lost: it is gone, or another one since.</returns>
    public bool Heard(LoadBeacon beacon, double now)
    {
        bool wasOnline = IsOnline, isAnother = _boot.Length > 0 && beacon.Boot != _boot;
        (IsOnline, _boot) = (beacon.State == LoadBeacon.Online, beacon.Boot);
        if (IsOnline) HeardAt = now;
        foreach (var line in _models.Values) line.Load = null;
        foreach (var load in beacon.Models)
        {
            var line = LineOf(load.Name);
            line.Load = load;
        }
        return wasOnline && (!IsOnline || isAnother);
    }

    /// <summary>What it has of a model; null where it does not serve it.</summary>
    public Line? Find(string model) => IsOnline && _models.TryGetValue(model, out var line) && line.Load is not null ? line : null;

    private Line LineOf(string model)
    {
        if (_models.TryGetValue(model, out var line)) return line;
        line = new Line(Encoding.UTF8.GetBytes(Topics.ServerInfer(fleet, Name, model, device)), new ServerPath(settings.RoundTrip.TotalSeconds, settings.BytesPerSecond));
        _models.Add(model, line);
        return line;
    }
}
