using System.Text;
using EdgeRuntime.TestKit.Brokers;
using Xunit;

namespace EdgeRuntime.Messaging.Tests.Link;

public abstract partial class MqttLinkContract
{
    private static MqttLinkOptions WithWill(MqttLinkOptions options) => options with
    {
        Will = new MqttWill
        {
            Topic = "state",
            Payload = Encoding.UTF8.GetBytes("offline"),
            Retain = true,
            Expiry = TimeSpan.FromMinutes(10),
            ContentType = "text/plain",
            UserProperties = new MqttUserProperties().Add("why", "lost"),
        },
    };

    [Fact]
    public async Task Dispose_WithoutDisconnect_BrokerPublishesTheWill()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var watcher = await ReceiverAsync(broker.Port, "state");
        await (await ConnectAsync(broker.Port, "device", WithWill)).DisposeAsync();
        var will = await watcher.NextAsync();
        await using var later = await ConnectAsync(broker.Port, "later");
        await SubscribeAsync(later, "state");

        Assert.Equal(("offline", "text/plain", false), (will.Text, will.ContentType, will.Retain));
        Assert.Equal([("why", "lost")], will.UserProperties);
        Assert.InRange(will.Expiry!.Value.TotalSeconds, 500, 600);
        Assert.True((await later.NextAsync()).Retain);
    }

    [Fact]
    public async Task Disconnect_QueueNotEmpty_DrainsAndLeavesNoWill()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var watcher = await ReceiverAsync(broker.Port, "state");
        await using var device = await ConnectAsync(broker.Port, "device", options => WithWill(options) with { SendWindow = 2 });
        for (var i = 0; i < 50; i++) device.Link.TryPublish(Message("state", $"{i}"));
        await device.Link.DisconnectAsync(LinkProbe.Deadline, Token);
        await device.UntilAsync(MqttLinkState.Stopped);

        for (var i = 0; i < 50; i++) Assert.Equal($"{i}", (await watcher.NextAsync()).Text);
        await PublishAsync(watcher, "state", "after");
        Assert.Equal("after", (await watcher.NextAsync()).Text);
        Assert.Equal((50, 0, 0L), (device.Link.Counters.Sent, device.Link.Counters.OutgoingMessages, device.Link.Counters.OutgoingBytes));
    }

    [Fact]
    public async Task Disconnect_MessagesStillArriving_LeavesNoWill()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var watcher = await ReceiverAsync(broker.Port, "state");
        await using var device = await ConnectAsync(broker.Port, "device", WithWill);
        await SubscribeAsync(device, "flood");
        for (var i = 0; i < 500; i++) watcher.Link.TryPublish(new MqttPublication("flood"u8, new byte[2000]));
        await device.Link.DisconnectAsync(TimeSpan.Zero, Token);
        await PublishAsync(watcher, "state", "after");
        Assert.Equal("after", (await watcher.NextAsync()).Text);
    }

    [Fact]
    public async Task Disconnect_BrokerGone_GivesUpAfterTheDrain()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var device = await ConnectAsync(broker.Port, "device");
        await broker.KillAsync();
        await device.UntilAsync(MqttLinkState.Disconnected);
        var waiting = PublishAsync(device, "a", "late");
        await device.Link.DisconnectAsync(TimeSpan.FromMilliseconds(50), Token);

        Assert.Equal(PublishStatus.Stopped, (await waiting).Status);
        Assert.Equal(MqttLinkState.Stopped, device.Link.State);
        Assert.Equal(1, device.Link.Counters.DroppedOutgoing);
    }

    [Fact]
    public async Task Stopped_EveryCall_SaysSo()
    {
        await using var link = Probe(1, "never-started");
        var waiting = SubscribeAsync(link, "a");
        await link.Link.DisposeAsync();

        Assert.Equal(MqttLinkState.Stopped, link.Link.State);
        Assert.Equal(PublishStatus.Stopped, link.Link.TryPublish(Message("a", "")).Status);
        Assert.Equal(MqttLinkError.Stopped, (await Assert.ThrowsAsync<MqttLinkException>(() => waiting)).Error);
        Assert.Equal(MqttLinkError.Stopped, (await Assert.ThrowsAsync<MqttLinkException>(() => ConnectAsync(link))).Error);
        Assert.Equal(MqttLinkError.Stopped, Assert.Throws<MqttLinkException>(() => link.Link.Subscribe("a", MqttQos.AtMostOnce)).Error);
        await link.Link.DisconnectAsync(TimeSpan.Zero, Token);
    }

    [Fact]
    public async Task Dispose_WhileConnecting_EndsTheWait()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await broker.KillAsync();
        await using var link = Probe(broker.Port, "one");
        var connecting = ConnectAsync(link);
        await link.UntilAsync(MqttLinkState.Disconnected);
        await link.Link.DisposeAsync();
        Assert.Equal(MqttLinkError.Stopped, (await Assert.ThrowsAsync<MqttLinkException>(() => connecting)).Error);
    }

    [Fact]
    public async Task Dispose_FromTheHandler_DoesNotWaitForItself()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var link = await ReceiverAsync(broker.Port, "a");
        var disposed = new TaskCompletionSource();
        link.OnMessage = _ => link.Link.DisposeAsync().AsTask().ContinueWith(_ => disposed.TrySetResult(), TaskScheduler.Default);
        link.Link.TryPublish(Message("a", ""));
        await disposed.Task.WaitAsync(LinkProbe.Deadline, Token);
        Assert.Equal(MqttLinkState.Stopped, link.Link.State);
    }
}
