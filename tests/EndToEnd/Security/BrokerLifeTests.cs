using EdgeRuntime.Messaging;
using EdgeRuntime.TestKit.Brokers;
using Xunit;

namespace EdgeRuntime.EndToEnd.Tests.Security;

/// <summary>The broker of deploy/mosquitto over time: restarts, revoked certificates, stricter rules, a client that fills it.</summary>
public sealed class BrokerLifeTests
{
    private const string DeviceState = "edge/v1/lab/d/dev-1/state", End = "edge/v1/lab/d/dev-2/state";

    [Fact]
    public async Task Restart_DeviceGone_ItsRetainedStateIsStillRead()
    {
        await using var broker = await FleetBroker.StartAsync(["devices/dev-1", "clients/cam-1"]);
        await using (var device = await FleetPeer.ConnectAsync(broker, "devices/dev-1"))
            Assert.Equal(PublishStatus.Acknowledged, (await device.SendAsync(DeviceState, "offline", retain: true)).Status);
        await Task.Delay(TimeSpan.FromSeconds(2.5), TestContext.Current.CancellationToken); // the broker saves once a second
        await broker.RestartAsync();
        await using var client = await (await FleetPeer.ConnectAsync(broker, "clients/cam-1")).ListeningAsync();
        Assert.Empty(await client.TopicsUntilAsync("offline"));
    }

    [Fact]
    public async Task Connect_CertificateRevoked_IsRefusedAndTheRenewedOneServes()
    {
        await using var broker = await FleetBroker.StartAsync(["devices/dev-1", "devices/dev-2"]);
        await using (var device = await FleetPeer.ConnectAsync(broker, "devices/dev-1")) Assert.Equal(MqttLinkState.Connected, device.Link.State);
        await broker.AuthorityAsync("revoke", "devices", "dev-1");
        await broker.RestartAsync();
        Assert.Equal(MqttLinkError.TlsFailed, (await Assert.ThrowsAsync<MqttLinkException>(() => FleetPeer.ConnectAsync(broker, "devices/dev-1"))).Error);
        await using var other = await FleetPeer.ConnectAsync(broker, "devices/dev-2");
        await broker.AuthorityAsync("renew", "devices", "dev-1");
        await using var renewed = await FleetPeer.ConnectAsync(broker, "devices/dev-1");
        Assert.Equal(PublishStatus.Acknowledged, (await renewed.SendAsync(DeviceState)).Status);
    }

    [Fact]
    public async Task Answer_StrictRule_ADeviceAnswersInItsOwnNameAlone()
    {
        await using var broker = await FleetBroker.StartAsync(["devices/dev-1", "devices/dev-2", "clients/cam-1"], Strict);
        await using var client = await (await FleetPeer.ConnectAsync(broker, "clients/cam-1")).ListeningAsync();
        await using var device = await FleetPeer.ConnectAsync(broker, "devices/dev-1");
        Assert.Equal(PublishStatus.Refused, (await device.SendAsync("edge/v1/lab/c/cam-1/dev-2/answers")).Status);
        Assert.Equal(PublishStatus.Refused, (await device.SendAsync("edge/v1/lab/c/cam-1/answers")).Status);
        Assert.Equal(PublishStatus.Acknowledged, (await device.SendAsync("edge/v1/lab/c/cam-1/dev-1/answers", "own")).Status);
        Assert.Empty(await client.TopicsUntilAsync("own"));
        Assert.Equal(PublishStatus.Acknowledged, (await device.SendAsync("edge/v1/lab/c/cam-1/errors", "error")).Status);
        Assert.Empty(await client.TopicsUntilAsync("error"));
    }

    [Fact]
    public async Task Send_ClientHasMessagesRetainedWithoutEnd_OthersAreServed()
    {
        await using var broker = await FleetBroker.StartAsync(["devices/dev-1", "devices/dev-2", "clients/cam-1", "clients/cam-2"],
            (_, text) => text.Replace("memory_limit 1073741824", "memory_limit 67108864", StringComparison.Ordinal));
        await using var client = await (await FleetPeer.ConnectAsync(broker, "clients/cam-2")).ListeningAsync();
        await using var device = await FleetPeer.ConnectAsync(broker, "devices/dev-2");
        await using var flood = await FleetPeer.ConnectAsync(broker, "clients/cam-1");
        var large = new string('x', 8 << 20);
        for (int i = 0; i < 16 && flood.Link.State == MqttLinkState.Connected; i++) flood.Link.TryPublish(Retained($"edge/v1/lab/d/dev-1/infer/m{i}/cam-1", large));
        Assert.NotEmpty(await flood.Lost);
        await flood.DisposeAsync();
        Assert.Equal(PublishStatus.Acknowledged, (await device.SendAsync(End, "served")).Status);
        Assert.Empty(await client.TopicsUntilAsync("served"));
    }

    private static MqttPublication Retained(string topic, string text) =>
        new(System.Text.Encoding.UTF8.GetBytes(topic), System.Text.Encoding.UTF8.GetBytes(text)) { Qos = MqttQos.AtLeastOnce, Retain = true };

    // As the comment in the file says: its last line goes, the two before it count.
    private static string Strict(string file, string text) => file != Path.Combine("acl", "devices.acl") ? text
        : text.Replace("\npattern write edge/v1/lab/c/+/#\n", "\n", StringComparison.Ordinal).Replace("#pattern", "pattern", StringComparison.Ordinal);
}
