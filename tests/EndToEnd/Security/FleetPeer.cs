using System.Text;
using System.Threading.Channels;
using EdgeRuntime.Messaging;
using EdgeRuntime.TestKit.Brokers;
using Xunit;

namespace EdgeRuntime.EndToEnd.Tests.Security;

/// <summary>A connection to a <see cref="FleetBroker"/> in the name of an identity, ROLE/NAME, or of nobody through its open port.</summary>
internal sealed class FleetPeer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Channel<(string Topic, string Text)> _arrivals = Channel.CreateUnbounded<(string, string)>();
    private readonly TaskCompletionSource<string> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private FleetPeer(MqttLinkOptions options)
    {
        Link = MosquittoLink.Create(options, Keep, TimeProvider.System);
        Link.StateChanged += (state, why) =>
        {
            if (state == MqttLinkState.Disconnected) _lost.TrySetResult(why);
        };
    }

    public MosquittoLink Link { get; }

    /// <summary>Why the connection was lost first.</summary>
    public Task<string> Lost => _lost.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);

    /// <param name="broker">The broker.</param>
    /// <param name="identity">ROLE/NAME, or null for the open port.</param>
    /// <param name="listener">The role whose listener is used; the identity's own by default.</param>
    /// <param name="clientId">The client id that it asks for.</param>
    public static async Task<FleetPeer> ConnectAsync(FleetBroker broker, string? identity, string? listener = null, string? clientId = null)
    {
        var peer = new FleetPeer(new MqttLinkOptions
        {
            Host = "localhost",
            Port = identity is null ? broker.OpenPort : broker.Port(listener ?? identity.Split('/')[0]),
            ClientId = clientId ?? identity?.Split('/')[1] ?? "observer",
            BackoffMinimum = TimeSpan.FromMilliseconds(20),
            BackoffMaximum = TimeSpan.FromMilliseconds(200),
            Tls = identity is null ? null : new MqttTls { CaFile = broker.BrokerAuthority, CertificateFile = broker.CertificateFile(identity), KeyFile = broker.KeyFile(identity) },
        });
        using var late = new CancellationTokenSource(Patience);
        try
        {
            await peer.Link.ConnectAsync(late.Token);
            return peer;
        }
        catch
        {
            await peer.DisposeAsync();
            throw;
        }
    }

    /// <summary>Subscribes to all that there is; the broker withholds what the ACL does not grant.</summary>
    public async Task<FleetPeer> ListeningAsync()
    {
        foreach (var filter in new[] { "#", "$SYS/#" })
            Assert.True((await Link.SubscribeAsync(filter, MqttQos.AtLeastOnce, MqttSubscribeOptions.None, TestContext.Current.CancellationToken).WaitAsync(Patience)).IsGranted);
        return this;
    }

    public Task<PublishOutcome> SendAsync(string topic, string text = "x", bool retain = false) =>
        Link.PublishAsync(new MqttPublication(Encoding.UTF8.GetBytes(topic), Encoding.UTF8.GetBytes(text)) { Qos = MqttQos.AtLeastOnce, Retain = retain }, TestContext.Current.CancellationToken).WaitAsync(Patience);

    /// <summary>Topics that arrived, $SYS left out, up to the message of this text, which is not among them.</summary>
    public async Task<SortedSet<string>> TopicsUntilAsync(string text)
    {
        var topics = new SortedSet<string>(StringComparer.Ordinal);
        using var late = new CancellationTokenSource(Patience);
        while (true)
        {
            var arrival = await _arrivals.Reader.ReadAsync(late.Token);
            if (arrival.Text == text) return topics;
            if (!arrival.Topic.StartsWith("$SYS/", StringComparison.Ordinal)) topics.Add(arrival.Topic);
        }
    }

    public ValueTask DisposeAsync() => Link.DisposeAsync();

    private void Keep(MqttMessage message)
    {
        using (message) _arrivals.Writer.TryWrite((message.TopicText, Encoding.UTF8.GetString(message.Payload.Span)));
    }
}
