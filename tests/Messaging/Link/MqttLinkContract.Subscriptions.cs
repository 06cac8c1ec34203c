using EdgeRuntime.TestKit.Brokers;
using Xunit;

namespace EdgeRuntime.Messaging.Tests.Link;

public abstract partial class MqttLinkContract
{
    private static readonly BrokerOptions Guarded = new()
    {
        Users = new Dictionary<string, string> { ["anna"] = "secret" },
        Acl = ["user anna", "topic write open/#"],
    };

    [Fact]
    public async Task Subscribe_BeforeConnect_IsMadeOnConnect()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var link = Probe(broker.Port, "one");
        var answer = SubscribeAsync(link, "a", MqttQos.AtMostOnce);
        await ConnectAsync(link);
        Assert.Equal(MqttQos.AtMostOnce, (await answer).GrantedQos);
        await PublishAsync(link, "a", "1");
        Assert.Equal(("1", MqttQos.AtMostOnce), (await link.NextAsync() is var first ? first.Text : "", first.Qos));
    }

    [Fact]
    public async Task Subscribe_NoLocal_DoesNotHearItself()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var link = await ConnectAsync(broker.Port, "one");
        await using var other = await ConnectAsync(broker.Port, "other");
        await link.Link.SubscribeAsync("a", MqttQos.AtLeastOnce, MqttSubscribeOptions.NoLocal | MqttSubscribeOptions.RetainAsPublished, Token);
        await PublishAsync(link, "a", "own");
        await PublishAsync(other, "a", "other's", retain: true);
        var arrival = await link.NextAsync();
        Assert.Equal(("other's", true), (arrival.Text, arrival.Retain));
    }

    [Fact]
    public async Task Unsubscribe_Connected_StopsTheMessages()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var link = await ReceiverAsync(broker.Port, "a");
        await SubscribeAsync(link, "b");
        link.Link.Unsubscribe("a");
        await PublishAsync(link, "a", "unheard");
        await PublishAsync(link, "b", "heard");
        Assert.Equal("heard", (await link.NextAsync()).Text);
    }

    [Fact]
    public async Task Subscribe_ForbiddenByAcl_IsRefusedAndRaised()
    {
        await using var broker = await MosquittoBroker.StartAsync(new BrokerOptions { SubscribeOnly = "open/#" });
        await using var link = await ConnectAsync(broker.Port, "one");
        var refused = await SubscribeAsync(link, "closed/a");
        var fault = await link.FaultAsync();

        Assert.Equal((false, 0x87), (refused.IsGranted, (int)refused.ReasonCode));
        Assert.Equal(MqttLinkFaultKind.SubscriptionRefused, fault.Kind);
        Assert.Contains("closed/a", fault.Text);
        Assert.True((await SubscribeAsync(link, "open/a")).IsGranted);
    }

    [Fact]
    public async Task Publish_ForbiddenByAcl_IsRefusedAndRaised()
    {
        await using var broker = await MosquittoBroker.StartAsync(Guarded);
        await using var link = await ConnectAsync(broker.Port, "one", options => options with { User = "anna", Password = "secret" });
        var outcome = await PublishAsync(link, "closed/a", "payload");
        var fault = await link.FaultAsync();

        Assert.Equal(new PublishOutcome(PublishStatus.Refused, 0x87), outcome);
        Assert.Equal(MqttLinkFaultKind.PublicationRefused, fault.Kind);
        Assert.Contains("closed/a", fault.Text);
        Assert.DoesNotContain("payload", fault.Text);
        Assert.Equal((0, 1), (link.Link.Counters.Sent, link.Link.Counters.DroppedOutgoing));
    }

    [Fact]
    public async Task Connect_SessionResumed_MessagesArriveWithoutSubscribing()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        MqttLinkOptions Lasting(MqttLinkOptions options) => options with { SessionExpiry = TimeSpan.FromMinutes(5) };
        await using (var first = await ReceiverAsync(broker.Port, "a", Lasting)) await first.Link.DisconnectAsync(LinkProbe.Deadline, Token);
        await using var sender = await ConnectAsync(broker.Port, "sender");
        for (var i = 0; i < 3; i++) await PublishAsync(sender, "a", $"{i}");

        await using var second = await ConnectAsync(broker.Port, "receiver", Lasting);
        Assert.True(second.Link.Limits.SessionPresent);
        for (var i = 0; i < 3; i++) Assert.Equal($"{i}", (await second.NextAsync()).Text);
    }

    [Fact]
    public async Task Connect_CleanStart_DropsTheSession()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        MqttLinkOptions Lasting(MqttLinkOptions options) => options with { SessionExpiry = TimeSpan.FromMinutes(5) };
        await using (var first = await ReceiverAsync(broker.Port, "a", Lasting)) await first.Link.DisconnectAsync(LinkProbe.Deadline, Token);
        await using var second = await ConnectAsync(broker.Port, "receiver", options => Lasting(options) with { CleanStart = true });
        Assert.False(second.Link.Limits.SessionPresent);
    }
}
