using System.Diagnostics;
using System.Text.Json;
using EdgeRuntime.Benchmarks.Device;
using EdgeRuntime.Messaging;

namespace EdgeRuntime.Benchmarks.Pressure;

/// <summary>Follows the retained document in which a device says which rung of its only model it uses at best. Thread-safe.</summary>
internal sealed class RungWatch : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20), Glance = TimeSpan.FromMilliseconds(5);

    private readonly Lock _gate = new();
    private readonly List<RungChange> _changes = [];
    private readonly MosquittoLink _link;

    private RungWatch(string device, int port)
    {
        var options = new MqttLinkOptions { Host = "127.0.0.1", Port = port, ClientId = $"watch-{device}", CleanStart = true };
        _link = MosquittoLink.Create(options, Take, TimeProvider.System);
    }

    public static async Task<RungWatch> StartAsync(RunningDevice device, int port)
    {
        var watch = new RungWatch(device.Name, port);
        using var late = new CancellationTokenSource(Patience);
        await watch._link.ConnectAsync(late.Token);
        await watch._link.SubscribeAsync(Topics.Of(TopicKind.Models, DeviceFolder.Fleet, device.Name), MqttQos.AtLeastOnce, MqttSubscribeOptions.None, late.Token);
        return watch;
    }

    /// <summary>The changes since a moment, the first rung that was ever said not among them.</summary>
    public IReadOnlyList<RungChange> Since(long moment)
    {
        lock (_gate) return [.. _changes.Skip(1).Where(change => change.At >= moment)];
    }

    /// <summary>Seconds from a moment until the device says that a rung is its best; null where it has not within so long.</summary>
    public async Task<double?> AwaitAsync(string rung, long since, TimeSpan longest)
    {
        while (Stopwatch.GetElapsedTime(since) < longest)
        {
            lock (_gate)
                if (_changes.Count > 0 && _changes[^1].Rung == rung) return Math.Max(0, Stopwatch.GetElapsedTime(since, _changes[^1].At).TotalSeconds);
            await Task.Delay(Glance);
        }
        return null;
    }

    /// <summary>The most changes that fall into one span of time.</summary>
    public static int MostWithin(TimeSpan span, IReadOnlyList<RungChange> changes) =>
        changes.Count == 0 ? 0 : changes.Max(first => changes.Count(change => change.At >= first.At && Stopwatch.GetElapsedTime(first.At, change.At) < span));

    public ValueTask DisposeAsync() => _link.DisposeAsync();

    private void Take(MqttMessage message)
    {
        using (message)
        {
            using var document = JsonDocument.Parse(message.Payload);
            var model = document.RootElement.GetProperty("models").EnumerateArray().FirstOrDefault();
            if (model.ValueKind != JsonValueKind.Object || !model.TryGetProperty("rung", out var rung)) return;
            Note(new RungChange(message.ReceivedTimestamp, rung.GetString()!, model.GetProperty("cap").GetString()!));
        }
    }

    private void Note(in RungChange said)
    {
        lock (_gate)
            if (_changes.Count == 0 || _changes[^1].Rung != said.Rung) _changes.Add(said);
    }
}
