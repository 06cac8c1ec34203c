using EdgeRuntime.Messaging;
using Xunit;

namespace EdgeRuntime.Architecture.Tests.Deployment;

/// <summary>deploy/mosquitto/bridge.conf between two brokers: what of a site reaches the central one and what comes back, and as which messages.</summary>
public sealed class BridgeTests
{
    private const string Fleet = BridgedBrokers.Fleet, Device = BridgedBrokers.Device, All = "edge/v1/lab/#";

    [Fact]
    public void Topics_OfBridgeAndRules_AreThoseOfTheContract()
    {
        string pool = Topics.FilterOf(TopicKind.PoolInfer, Fleet), server = Topics.FilterOf(TopicKind.ServerInfer, Fleet);
        string state = Topics.FilterOf(TopicKind.ServerState, Fleet), answers = Topics.Of(TopicKind.OffloadResponse, Fleet, Device);
        string cancel = Topics.FilterOf(TopicKind.ServerCancel, Fleet);
        Assert.Equal([$"{pool} out 1", $"{server} out 1", $"{cancel} out 0", $"{state} in 1", $"{answers} in 1"], Lines("bridge.conf", "topic "));
        Assert.Equal([$"write {pool[..^1]}{Device}", $"write {server[..^1]}{Device}", $"write {cancel[..^1]}{Device}", $"read {answers}", $"read {state}"], Lines("bridge.acl", "topic "));
    }

    [Fact]
    public void Identity_OfTheBridge_IsVerifiedAtBothEnds()
    {
        Assert.Equal(["false"], Lines("bridge.conf", "bridge_insecure "));
        Assert.All(["bridge_cafile ", "bridge_certfile ", "bridge_keyfile "], option => Assert.Single(Lines("bridge.conf", option)));
        Assert.Equal(["mqttv50"], Lines("bridge.conf", "bridge_protocol_version "));
    }

    [Fact]
    public async Task Request_OfADevice_ReachesTheCentralBrokerWithAllItsProperties()
    {
        await using var brokers = await BridgedBrokers.StartAsync();
        var topic = Topics.PoolInfer(Fleet, "gpu", "ocr", Device);
        var session = await brokers.ListenAsync(brokers.Central, All);
        await BridgedBrokers.PublishAsync(brokers.SitePort, topic, "payload", "-D", "PUBLISH", "content-type", "application/json", "-D", "PUBLISH", "response-topic", $"edge/v1/{Fleet}/d/{Device}/rsp/offload",
            "-D", "PUBLISH", "correlation-data", "c-7", "-D", "PUBLISH", "user-property", "deadline-ms", "250", "-D", "PUBLISH", "user-property", "priority", "7", "-D", "PUBLISH", "message-expiry-interval", "30");
        var came = (await BridgedBrokers.FetchAsync(brokers.Central, session, All, "%t|%r|%C|%R|%D|%P|%p|%E")).Split('|');
        Assert.Equal([topic, "0", "application/json", $"edge/v1/{Fleet}/d/{Device}/rsp/offload", "c-7", "deadline-ms:250 priority:7", "payload"], came[..^1]);
        Assert.InRange(int.Parse(came[^1], null), 1, 30);
    }

    [Fact]
    public async Task Answer_AndBeacon_ComeToTheSite_TheBeaconRetained()
    {
        await using var brokers = await BridgedBrokers.StartAsync();
        string answers = Topics.Of(TopicKind.OffloadResponse, Fleet, Device), beacon = Topics.Of(TopicKind.ServerState, Fleet, "gpu-1");
        var session = await brokers.ListenAsync(brokers.SitePort, answers);
        await BridgedBrokers.PublishAsync(brokers.Central, beacon, "load", "-r");
        await BridgedBrokers.PublishAsync(brokers.Central, answers, "answer", "-D", "PUBLISH", "correlation-data", "c-7", "-D", "PUBLISH", "user-property", "status", "OK");
        Assert.Equal("answer|c-7|status:OK", await BridgedBrokers.FetchAsync(brokers.SitePort, session, answers, "%p|%D|%P"));
        var late = await brokers.ListenAsync(brokers.SitePort, beacon); // the beacon came before the answer
        Assert.Equal("load|1", await BridgedBrokers.FetchAsync(brokers.SitePort, late, beacon, "%p|%r"));
    }

    [Fact]
    public async Task Rest_OfTheSite_StaysThere_AndNoDeviceSpeaksForAnother()
    {
        await using var brokers = await BridgedBrokers.StartAsync();
        var session = await brokers.ListenAsync(brokers.Central, All);
        foreach (var topic in new[] { Topics.Infer(Fleet, Device, "ocr", "cam-1"), $"edge/v1/{Fleet}/d/{Device}/state", Topics.PoolInfer(Fleet, "gpu", "ocr", "dev-2"), $"edge/v1/{Fleet}/c/cam-1/x" })
            await BridgedBrokers.PublishAsync(brokers.SitePort, topic, "not for the centre");
        await BridgedBrokers.PublishAsync(brokers.SitePort, Topics.ServerInfer(Fleet, "gpu-1", "ocr", Device), "for the centre");
        Assert.Equal("for the centre", await BridgedBrokers.FetchAsync(brokers.Central, session, All, "%p"));

        var own = await brokers.ListenAsync(brokers.SitePort, All);
        await BridgedBrokers.PublishAsync(brokers.Central, Topics.Of(TopicKind.OffloadResponse, Fleet, "dev-2"), "of another site");
        await BridgedBrokers.PublishAsync(brokers.Central, Topics.PoolInfer(Fleet, "gpu", "ocr", Device), "of another site");
        await BridgedBrokers.PublishAsync(brokers.Central, Topics.Of(TopicKind.OffloadResponse, Fleet, Device), "of ours");
        Assert.Equal("of ours", await BridgedBrokers.FetchAsync(brokers.SitePort, own, All, "%p"));
    }

    private static List<string> Lines(string file, string option) =>
    [
        .. RepositoryFiles.Read("deploy/mosquitto/" + file).Text.Replace("@FLEET@", Fleet, StringComparison.Ordinal).Replace("@DEVICE@", Device, StringComparison.Ordinal).Split('\n')
            .Where(line => line.StartsWith(option, StringComparison.Ordinal)).Select(line => line[option.Length..]),
    ];
}
