using EdgeRuntime.TestKit.Brokers;
using Xunit;

namespace EdgeRuntime.Messaging.Tests.Link;

public abstract partial class MqttLinkContract
{
    [Theory]
    [InlineData(MqttQos.AtMostOnce, PublishStatus.Written)]
    [InlineData(MqttQos.AtLeastOnce, PublishStatus.Acknowledged)]
    public async Task Publish_AllProperties_SurviveTheRoundTrip(MqttQos qos, PublishStatus expected)
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var receiver = await ReceiverAsync(broker.Port, "a/+");
        await using var sender = await ConnectAsync(broker.Port, "sender");
        var outcome = await sender.Link.PublishAsync(new MqttPublication("a/ü"u8, [0, 1, 2, 0, 255])
        {
            Qos = qos,
            PayloadIsUtf8 = false,
            Expiry = TimeSpan.FromSeconds(90.2),
            ContentType = "application/json"u8,
            ResponseTopic = "c/answers"u8,
            CorrelationData = [7, 0, 8],
            UserProperties = new MqttUserProperties().Add("name", "first").Add("name", "second").Add("", "").Add("größe", "🜁").Add("count"u8, -5),
        }, Token);
        var arrival = await receiver.NextAsync();

        Assert.Equal(expected, outcome.Status);
        Assert.Equal(("a/ü", qos, false, false), (arrival.Topic, arrival.Qos, arrival.Retain, arrival.Truncated));
        Assert.Equal([0, 1, 2, 0, 255], arrival.Payload);
        Assert.Equal(("application/json", "c/answers", false), (arrival.ContentType, arrival.ResponseTopic, arrival.PayloadIsUtf8));
        Assert.Equal([7, 0, 8], arrival.CorrelationData);
        Assert.InRange(arrival.Expiry!.Value.TotalSeconds, 85, 91);
        Assert.Equal([("name", "first"), ("name", "second"), ("", ""), ("größe", "🜁"), ("count", "-5")], arrival.UserProperties);
    }

    [Fact]
    public async Task Publish_NothingButATopic_ArrivesEmpty()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var receiver = await ReceiverAsync(broker.Port, "a");
        Assert.Equal(PublishStatus.Queued, receiver.Link.TryPublish(new MqttPublication("a"u8, []) { PayloadIsUtf8 = true }).Status);
        var arrival = await receiver.NextAsync();

        Assert.Equal(("", "", "", 0), (arrival.Text, arrival.ContentType, arrival.ResponseTopic, arrival.PayloadLength));
        Assert.Empty(arrival.CorrelationData);
        Assert.Empty(arrival.UserProperties);
        Assert.Null(arrival.Expiry);
        Assert.True(arrival.PayloadIsUtf8);
    }

    [Fact]
    public async Task Publish_Retained_ReachesALaterSubscriber()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var sender = await ConnectAsync(broker.Port, "sender");
        await PublishAsync(sender, "state", "kept", retain: true);
        await using var receiver = await ReceiverAsync(broker.Port, "state");
        var first = await receiver.NextAsync();
        await PublishAsync(sender, "state", "live", retain: true);
        var second = await receiver.NextAsync();

        Assert.Equal(("kept", true), (first.Text, first.Retain));
        Assert.Equal(("live", false), (second.Text, second.Retain));
    }

    [Fact]
    public async Task Publish_FromManyThreads_ArrivesWholeAndInEachThreadsOrder()
    {
        const int Threads = 8, Messages = 250;
        await using var broker = await MosquittoBroker.StartAsync(new BrokerOptions { Extra = ["max_queued_messages 0"] });
        await using var receiver = await ReceiverAsync(broker.Port, "t/#", options => options with { InboxLimitMessages = 4096 });
        await using var sender = await ConnectAsync(broker.Port, "sender", options => options with { OutgoingLimitMessages = 4096 });
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < Messages; i++) Assert.Equal(PublishStatus.Queued, sender.Link.TryPublish(Message($"t/{thread}", $"{i}")).Status);
        }, Token)));

        var next = new int[Threads];
        for (var i = 0; i < Threads * Messages; i++)
        {
            var arrival = await receiver.NextAsync();
            Assert.Equal(next[arrival.Topic[2] - '0']++, int.Parse(arrival.Text));
        }
        Assert.Equal(Threads * Messages, receiver.Link.Counters.Dispatched);
    }

    [Fact]
    public async Task Publish_WhatMqttForbids_Throws()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var link = await ConnectAsync(broker.Port, "sender");

        Assert.Contains("a/#", Assert.Throws<ArgumentException>(() => link.Link.TryPublish(new MqttPublication("a/#"u8, []))).Message);
        Assert.Throws<ArgumentException>(() => link.Link.TryPublish(new MqttPublication([], [])));
        Assert.Throws<ArgumentException>(() => link.Link.TryPublish(new MqttPublication([0xC3, 0x28], [])));
        Assert.Throws<ArgumentException>(() => link.Link.TryPublish(new MqttPublication("a"u8, []) { ResponseTopic = "b\0"u8 }));
        Assert.Throws<ArgumentException>(() => link.Link.TryPublish(new MqttPublication("a"u8, []) { UserProperties = new MqttUserProperties().Add("n", "\n") }));
        Assert.Throws<ArgumentException>(() => link.Link.Subscribe("a/#/b", MqttQos.AtMostOnce));
        Assert.Throws<ArgumentException>(() => link.Link.Subscribe("$share/g/a", MqttQos.AtMostOnce, MqttSubscribeOptions.NoLocal));
        Assert.Equal(MqttLinkState.Connected, link.Link.State);
    }

    [Fact]
    public async Task Connect_UnixSocket_Works()
    {
        await using var broker = await MosquittoBroker.StartAsync(new BrokerOptions { UnixSocket = true });
        await using var link = await ReceiverAsync(0, "a", options => options with { UnixSocket = broker.UnixSocketPath });
        await PublishAsync(link, "a", "through a file");
        Assert.Equal("through a file", (await link.NextAsync()).Text);
    }
}
