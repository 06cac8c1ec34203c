using EdgeRuntime.TestKit.Brokers;
using Xunit;

namespace EdgeRuntime.Messaging.Tests.Link;

public abstract partial class MqttLinkContract
{
    [Fact]
    public async Task Publish_OverTheBrokersPacketSize_IsTooLargeBeforeAByteIsSent()
    {
        await using var broker = await MosquittoBroker.StartAsync(new BrokerOptions { MaxPacketSize = 2000 });
        await using var link = await ReceiverAsync(broker.Port, "a");
        // Header 1, remaining length 2, topic 3, packet identifier 2, property length 1.
        var fits = await link.Link.PublishAsync(new MqttPublication("a"u8, new byte[2000 - 9]) { Qos = MqttQos.AtLeastOnce }, Token);
        var over = await link.Link.PublishAsync(new MqttPublication("a"u8, new byte[2000 - 8]) { Qos = MqttQos.AtLeastOnce }, Token);

        Assert.Equal(2000, link.Link.Limits.MaximumPacketSize);
        Assert.Equal(PublishStatus.Acknowledged, fits.Status);
        Assert.Equal(new PublishOutcome(PublishStatus.TooLarge, 2001, 2000), over);
        Assert.Equal((1, 1), (link.Link.Counters.Queued, link.Link.Counters.Connects));
        Assert.Equal(2000 - 9, (await link.NextAsync()).PayloadLength);
    }

    [Fact]
    public async Task Receive_OverOurPacketSize_BrokerDropsIt()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var receiver = await ReceiverAsync(broker.Port, "a", options => options with { MaximumPacketSize = 1000 });
        await using var sender = await ConnectAsync(broker.Port, "sender");
        await PublishAsync(sender, "a", new string('x', 2000));
        await PublishAsync(sender, "a", "small");
        Assert.Equal("small", (await receiver.NextAsync()).Text);
    }

    [Fact]
    public async Task Publish_OutgoingQueueFull_IsRefusedWithFillAndLimit()
    {
        await using var link = Probe(1, "one", options => options with { OutgoingLimitMessages = 3, OutgoingLimitBytes = 1000 });
        var accepted = Enumerable.Range(0, 3).Select(_ => link.Link.TryPublish(Message("a", "x")).Status).ToArray();
        var full = link.Link.TryPublish(Message("a", "x"));
        var huge = link.Link.TryPublish(Message("a", new string('x', 2000)));
        await using var heavy = Probe(1, "two", options => options with { OutgoingLimitBytes = 1000 });
        heavy.Link.TryPublish(Message("a", new string('x', 600)));
        var bytes = heavy.Link.TryPublish(Message("a", new string('x', 600)));

        Assert.Equal([PublishStatus.Queued, PublishStatus.Queued, PublishStatus.Queued], accepted);
        Assert.Equal(new PublishOutcome(PublishStatus.QueueFull, 3, 3), full);
        Assert.Equal(new PublishOutcome(PublishStatus.TooLarge, 2009, 1000), huge);
        Assert.Equal(new PublishOutcome(PublishStatus.QueueFull, 2 * 609, 1000), bytes);
        Assert.Equal((1, 609), (heavy.Link.Counters.OutgoingMessages, heavy.Link.Counters.OutgoingBytes));
    }

    [Fact]
    public async Task Publish_AcknowledgementsHeldBack_OnlyTheWindowIsSent()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var relay = new TcpRelay(broker.Port);
        await using var receiver = await ReceiverAsync(broker.Port, "a");
        await using var sender = await ConnectAsync(relay.Port, "sender", options => options with { SendWindow = 4 });
        relay.HoldAnswers();
        for (var i = 0; i < 10; i++) sender.Link.TryPublish(Message("a", $"{i}"));
        for (var i = 0; i < 4; i++) Assert.Equal($"{i}", (await receiver.NextAsync()).Text);
        await PublishAsync(receiver, "a", "between");
        Assert.Equal("between", (await receiver.NextAsync()).Text);
        Assert.Equal(10, sender.Link.Counters.OutgoingMessages);
        relay.ReleaseAnswers();
        for (var i = 4; i < 10; i++) Assert.Equal($"{i}", (await receiver.NextAsync()).Text);
    }

    [Fact]
    public async Task Receive_InboxFullOfMessages_DropsAndRaisesOncePerRun()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var receiver = await ReceiverAsync(broker.Port, "a", options => options with { InboxLimitMessages = 2 });
        await using var sender = await ConnectAsync(broker.Port, "sender");
        for (var run = 1; run <= 2; run++)
        {
            using (await HoldHandlerAsync(receiver, sender))
            {
                for (var i = 0; i < 5; i++) await PublishAsync(sender, "a", $"{i}");
                await CountAsync(receiver, counters => counters.Received == 6 * run);
            }
            Assert.Equal(["held", "0", "1"], [(await receiver.NextAsync()).Text, (await receiver.NextAsync()).Text, (await receiver.NextAsync()).Text]);
            Assert.Equal(MqttLinkFaultKind.InboxFull, (await receiver.FaultAsync()).Kind);
            Assert.Equal((3 * run, 3 * run), (receiver.Link.Counters.DroppedIncoming, receiver.Link.Counters.Dispatched));
            Assert.False(receiver.HasFault);
        }
    }

    [Fact]
    public async Task Receive_InboxFullOfBytes_TruncatesAndKeepsTheProperties()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var receiver = await ReceiverAsync(broker.Port, "a", options => options with { InboxLimitBytes = 10_000 });
        await using var sender = await ConnectAsync(broker.Port, "sender");
        using (await HoldHandlerAsync(receiver, sender))
        {
            for (var i = 0; i < 2; i++)
                await sender.Link.PublishAsync(new MqttPublication("a"u8, new byte[6000]) { Qos = MqttQos.AtLeastOnce, CorrelationData = [1, 2] }, Token);
            await CountAsync(receiver, counters => counters.Received == 3);
        }
        await receiver.NextAsync();
        var (whole, truncated) = (await receiver.NextAsync(), await receiver.NextAsync());

        Assert.Equal((6000, false), (whole.Payload.Length, whole.Truncated));
        Assert.Equal((0, 6000, true), (truncated.Payload.Length, truncated.PayloadLength, truncated.Truncated));
        Assert.Equal([1, 2], truncated.CorrelationData);
        Assert.Equal((1, 0), (receiver.Link.Counters.Truncated, receiver.Link.Counters.DroppedIncoming));
        Assert.Equal(MqttLinkFaultKind.InboxFull, (await receiver.FaultAsync()).Kind);
    }

    [Fact]
    public async Task Receive_HandlerThrows_IsRaisedAndTheNextFollows()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var link = await ReceiverAsync(broker.Port, "a");
        link.OnMessage = message => { if (message.PayloadLength == 3) throw new InvalidDataException("bad"); };
        await PublishAsync(link, "a", "bad");
        await PublishAsync(link, "a", "good");
        var fault = await link.FaultAsync();

        Assert.Equal("good", (await link.NextAsync()).Text);
        Assert.Equal(MqttLinkFaultKind.HandlerThrew, fault.Kind);
        Assert.IsType<InvalidDataException>(fault.Exception);
        Assert.Equal(1, link.Link.Counters.HandlerFailures);
    }

    [Fact]
    public async Task Receive_HandlerBlocks_KeepAliveAndPublishingGoOn()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var link = await ReceiverAsync(broker.Port, "a", options => options with { KeepAlive = TimeSpan.FromSeconds(5) });
        using (await HoldHandlerAsync(link, link))
        {
            // The broker ends a connection that is silent for 1.5 times the keep-alive.
            await Task.Delay(TimeSpan.FromSeconds(9), Token);
            Assert.Equal(PublishStatus.Acknowledged, (await PublishAsync(link, "a", "next")).Status);
        }
        await link.NextAsync();
        Assert.Equal("next", (await link.NextAsync()).Text);
        Assert.Equal(1, link.Link.Counters.Connects);
    }

    /// <summary>Has the receiver's handler wait inside a message until the result is disposed.</summary>
    private static async Task<IDisposable> HoldHandlerAsync(LinkProbe receiver, LinkProbe sender)
    {
        var (entered, release) = (new TaskCompletionSource(), new ManualResetEventSlim());
        receiver.OnMessage = _ =>
        {
            entered.TrySetResult();
            release.Wait(LinkProbe.Deadline);
        };
        await PublishAsync(sender, "a", "held");
        await entered.Task.WaitAsync(LinkProbe.Deadline, Token);
        return new Release(release);
    }

    private static async Task CountAsync(LinkProbe link, Func<MqttLinkCounters, bool> reached)
    {
        using var late = new CancellationTokenSource(LinkProbe.Deadline);
        while (!reached(link.Link.Counters)) await Task.Delay(2, late.Token);
    }

    private sealed class Release(ManualResetEventSlim gate) : IDisposable
    {
        public void Dispose() => gate.Set();
    }
}
