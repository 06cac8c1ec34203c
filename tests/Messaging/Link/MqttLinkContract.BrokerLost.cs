using EdgeRuntime.TestKit.Brokers;
using EdgeRuntime.TestKit.Time;
using Xunit;

namespace EdgeRuntime.Messaging.Tests.Link;

public abstract partial class MqttLinkContract
{
    [Fact]
    public async Task BrokerKilledAndRestarted_Link_ComesBackWithSubscriptionsAndQueue()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var link = await ReceiverAsync(broker.Port, "a");
        await link.UntilAsync(MqttLinkState.Connected);
        await broker.KillAsync();
        await link.UntilAsync(MqttLinkState.Disconnected);
        var refused = link.Link.TryPublish(Message("a", "lost") with { Qos = MqttQos.AtMostOnce });
        var kept = PublishAsync(link, "a", "kept");
        Assert.Equal((1, 1), (link.Link.Counters.OutgoingMessages, link.Link.Counters.Queued));
        await broker.RestartAsync();
        await link.UntilAsync(MqttLinkState.Connecting);
        await link.UntilAsync(MqttLinkState.Connected);

        Assert.Equal(PublishStatus.NotConnected, refused.Status);
        Assert.Equal(PublishStatus.Acknowledged, (await kept).Status);
        Assert.Equal("kept", (await link.NextAsync()).Text);
        Assert.Equal((2, 1, 0), (link.Link.Counters.Connects, link.Link.Counters.Sent, link.Link.Counters.OutgoingMessages));
    }

    [Fact]
    public async Task Publish_AcknowledgementLost_IsSentAgainInOrder()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var relay = new TcpRelay(broker.Port);
        await using var receiver = await ReceiverAsync(broker.Port, "a");
        await using var sender = await ConnectAsync(relay.Port, "sender", options => options with { SessionExpiry = TimeSpan.FromMinutes(5) });
        relay.HoldAnswers();
        var first = PublishAsync(sender, "a", "1");
        var second = PublishAsync(sender, "a", "2");
        Assert.Equal(["1", "2"], [(await receiver.NextAsync()).Text, (await receiver.NextAsync()).Text]);
        Assert.False(first.IsCompleted);
        relay.Cut();

        Assert.Equal((PublishStatus.Acknowledged, PublishStatus.Acknowledged), ((await first).Status, (await second).Status));
        Assert.Equal(["1", "2"], [(await receiver.NextAsync()).Text, (await receiver.NextAsync()).Text]);
        Assert.True(sender.Link.Limits.SessionPresent);
        Assert.Equal((2, 2), (sender.Link.Counters.Queued, sender.Link.Counters.Sent));
    }

    [Fact]
    public async Task Publish_ExpiryPassesWhileOffline_IsExpiredAndNotSent()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var time = new ManualTime();
        await using var sender = await ConnectAsync(broker.Port, "sender", options => options with { OfflineExpiry = TimeSpan.FromMinutes(1) }, time);
        await broker.KillAsync();
        await sender.UntilAsync(MqttLinkState.Disconnected);
        var own = PublishAsync(sender, "a", "own", TimeSpan.FromSeconds(10));
        var offline = PublishAsync(sender, "a", "offline", TimeSpan.FromHours(1));
        time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(PublishStatus.Expired, (await own).Status);
        Assert.False(offline.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(50));
        Assert.Equal(PublishStatus.Expired, (await offline).Status);

        await broker.RestartAsync();
        await using var receiver = await ReceiverAsync(broker.Port, "a");
        await AdvanceUntilConnectedAsync(time, sender);
        await PublishAsync(sender, "a", "new");
        Assert.Equal("new", (await receiver.NextAsync()).Text);
        Assert.Equal(2, sender.Link.Counters.DroppedOutgoing);
    }

    [Fact]
    public async Task Publish_WaitedOffline_ArrivesWithWhatIsLeftOfItsExpiry()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var time = new ManualTime();
        await using var sender = await ConnectAsync(broker.Port, "sender", time: time);
        await broker.KillAsync();
        await sender.UntilAsync(MqttLinkState.Disconnected);
        var waiting = PublishAsync(sender, "a", "", TimeSpan.FromSeconds(100));
        time.Advance(TimeSpan.FromSeconds(40));
        await broker.RestartAsync();
        await using var receiver = await ReceiverAsync(broker.Port, "a");
        await AdvanceUntilConnectedAsync(time, sender);

        Assert.Equal(PublishStatus.Acknowledged, (await waiting).Status);
        Assert.InRange((await receiver.NextAsync()).Expiry!.Value.TotalSeconds, 40, 60);
    }

    [Fact]
    public async Task Connect_NobodyListens_CancelledNamesTheFailureAndGoesOn()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await broker.KillAsync();
        await using var link = Probe(broker.Port, "one");
        using var cancelled = new CancellationTokenSource();
        var connecting = link.Link.ConnectAsync(cancelled.Token);
        await link.UntilAsync(MqttLinkState.Disconnected);
        await cancelled.CancelAsync();
        var failure = await Assert.ThrowsAsync<OperationCanceledException>(() => connecting);
        await broker.RestartAsync();
        await link.UntilAsync(MqttLinkState.Connected);
        Assert.Contains("refused", failure.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Connect_BrokerSaysNothing_TriesAgainAfterTheTimeout()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var relay = new TcpRelay(broker.Port);
        relay.HoldAnswers();
        await using var link = Probe(relay.Port, "one", options => options with { ConnectTimeout = TimeSpan.FromMilliseconds(200) });
        var connecting = ConnectAsync(link);
        Assert.Contains("0.2 s", await link.UntilAsync(MqttLinkState.Disconnected));
        relay.Cut();
        await connecting;
    }

    [Fact]
    public async Task Connect_BrokerStaysAway_WaitsWithinTheBackoffsBounds()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await broker.KillAsync();
        var time = new ManualTime();
        await using var link = Probe(broker.Port, "one", options => options with
        {
            BackoffMinimum = TimeSpan.FromSeconds(1),
            BackoffMaximum = TimeSpan.FromSeconds(6),
        }, time);
        _ = ConnectAsync(link);
        using var late = new CancellationTokenSource(LinkProbe.Deadline);
        var waits = new List<double>();
        foreach (var ceiling in new[] { 1, 2, 4, 6, 6, 6 })
        {
            await link.UntilAsync(MqttLinkState.Disconnected);
            var wait = await time.NextTimerAsync(late.Token);
            Assert.InRange(wait.TotalSeconds, ceiling / 2.0, ceiling + 0.001);
            waits.Add(wait / TimeSpan.FromSeconds(ceiling));
            time.Advance(wait);
        }
        Assert.True(waits.Distinct().Count() > 3, "the waits have no jitter");
    }

    [Fact]
    public async Task Connect_SameClientIdElsewhere_TakesTheFirstLinksPlace()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var patient = TimeSpan.FromSeconds(20);
        await using var first = await ConnectAsync(broker.Port, "same", options => options with { BackoffMinimum = patient, BackoffMaximum = patient });
        await using var second = await ReceiverAsync(broker.Port, "a", options => options with { ClientId = "same" });
        await first.UntilAsync(MqttLinkState.Disconnected);
        await PublishAsync(second, "a", "heard");
        Assert.Equal("heard", (await second.NextAsync()).Text);
    }
}
