using System.Threading.Channels;

namespace EdgeRuntime.Messaging.Tests.Link;

/// <summary>A link with all that comes out of it, to be waited for one by one, each at most as long as <see cref="Deadline"/>.</summary>
internal sealed class LinkProbe : IAsyncDisposable
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly Channel<Arrival> _arrivals = Channel.CreateUnbounded<Arrival>();
    private readonly Channel<(MqttLinkState State, string Why)> _states = Channel.CreateUnbounded<(MqttLinkState, string)>();
    private readonly Channel<MqttLinkFault> _faults = Channel.CreateUnbounded<MqttLinkFault>();

    public LinkProbe(Func<MqttMessageHandler, IMqttLink> create)
    {
        Link = create(Take);
        Link.StateChanged += (state, why) => _states.Writer.TryWrite((state, why));
        Link.Faulted += fault => _faults.Writer.TryWrite(fault);
    }

    public IMqttLink Link { get; }

    /// <summary>Runs on the dispatch thread before a message is noted.</summary>
    public Action<MqttMessage>? OnMessage { get; set; }

    public async Task<Arrival> NextAsync() => await Read(_arrivals);

    public async Task<MqttLinkFault> FaultAsync() => await Read(_faults);

    public bool HasFault => _faults.Reader.TryPeek(out _);

    public bool HasArrival => _arrivals.Reader.TryPeek(out _);

    /// <summary>Passes over states until this one; gives the reason.</summary>
    public async Task<string> UntilAsync(MqttLinkState state)
    {
        while (true)
        {
            var (next, why) = await Read(_states);
            if (next == state) return why;
        }
    }

    public ValueTask DisposeAsync() => Link.DisposeAsync();

    private void Take(MqttMessage message)
    {
        using (message)
        {
            OnMessage?.Invoke(message);
            _arrivals.Writer.TryWrite(Arrival.Of(message));
        }
    }

    private static async Task<T> Read<T>(Channel<T> channel)
    {
        using var late = new CancellationTokenSource(Deadline);
        return await channel.Reader.ReadAsync(late.Token);
    }
}
