using System.Text;
using EdgeRuntime.TestKit.Brokers;
using EdgeRuntime.TestKit.Time;
using Xunit;

namespace EdgeRuntime.Messaging.Tests.Link;

/// <summary>What every <see cref="IMqttLink"/> must do, against a real broker. One file a concern; this one has what they share.</summary>
public abstract partial class MqttLinkContract
{
    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract IMqttLink Create(MqttLinkOptions options, MqttMessageHandler handler, TimeProvider time, Random jitter);

    private protected LinkProbe Probe(int port, string id, Func<MqttLinkOptions, MqttLinkOptions>? with = null, TimeProvider? time = null)
    {
        var options = new MqttLinkOptions
        {
            Host = "127.0.0.1",
            Port = port,
            ClientId = id,
            BackoffMinimum = TimeSpan.FromMilliseconds(20),
            BackoffMaximum = TimeSpan.FromMilliseconds(200),
        };
        return new LinkProbe(handler => Create(with is null ? options : with(options), handler, time ?? TimeProvider.System, new Random(1)));
    }

    private protected async Task<LinkProbe> ConnectAsync(int port, string id, Func<MqttLinkOptions, MqttLinkOptions>? with = null, TimeProvider? time = null)
    {
        var probe = Probe(port, id, with, time);
        await ConnectAsync(probe);
        return probe;
    }

    private protected static async Task ConnectAsync(LinkProbe probe)
    {
        using var late = new CancellationTokenSource(LinkProbe.Deadline);
        await probe.Link.ConnectAsync(late.Token);
    }

    /// <summary>A link that receives a filter at QoS 1, its subscription made.</summary>
    private protected async Task<LinkProbe> ReceiverAsync(int port, string filter, Func<MqttLinkOptions, MqttLinkOptions>? with = null)
    {
        var probe = await ConnectAsync(port, "receiver", with);
        Assert.True((await SubscribeAsync(probe, filter)).IsGranted);
        return probe;
    }

    private protected static Task<SubscribeOutcome> SubscribeAsync(LinkProbe probe, string filter, MqttQos qos = MqttQos.AtLeastOnce) =>
        probe.Link.SubscribeAsync(filter, qos, MqttSubscribeOptions.None, Token).WaitAsync(LinkProbe.Deadline, Token);

    private protected static Task<PublishOutcome> PublishAsync(LinkProbe probe, string topic, string text, TimeSpan? expiry = null, bool retain = false) =>
        probe.Link.PublishAsync(Message(topic, text) with { Expiry = expiry, Retain = retain }, Token)
            .WaitAsync(LinkProbe.Deadline, Token);

    /// <summary>A publication at QoS 1.</summary>
    private protected static MqttPublication Message(string topic, string text) =>
        new(Encoding.UTF8.GetBytes(topic), Encoding.UTF8.GetBytes(text)) { Qos = MqttQos.AtLeastOnce };

    /// <summary>Moves a clock until the link is connected again: in steps shorter than its pauses, and never while it connects.</summary>
    private protected static async Task AdvanceUntilConnectedAsync(ManualTime time, LinkProbe probe)
    {
        using var late = new CancellationTokenSource(LinkProbe.Deadline);
        var connected = probe.UntilAsync(MqttLinkState.Connected);
        while (!connected.IsCompleted)
        {
            await Task.WhenAny(connected, Task.Delay(5, late.Token));
            if (probe.Link.State == MqttLinkState.Disconnected) time.Advance(TimeSpan.FromMilliseconds(50));
        }
        await connected;
    }
}
