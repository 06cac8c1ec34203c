using EdgeRuntime.Messaging;
using EdgeRuntime.TestKit.Brokers;
using Xunit;

namespace EdgeRuntime.EndToEnd.Tests.Security;

/// <summary>
/// The ACLs of deploy/mosquitto as a whole: of every topic that there is, with every name in every place, an identity may write and read
/// exactly those that stand here. Told by what is delivered, since mosquitto refuses no subscription by ACL.
/// </summary>
public sealed class AccessTests(FleetFixture fleet) : IClassFixture<FleetFixture>
{
    private const string Prefix = "edge/v1/lab/", End = "end";
    private static readonly string[] Names = ["dev-1", "dev-2", "cam-1", "cam-2", "srv-1", "srv-2", "dep-1", "op-1"];

    /// <summary>Identity, what it may write, what it may read: topics below edge/v1/lab/, * for any name.</summary>
    public static TheoryData<string, string[], string[]> Rules => new()
    {
        {
            "devices/dev-1",
            ["d/dev-1/state", "d/dev-1/models", "d/dev-1/metrics", "d/dev-1/update/status", "c/*/answers", "c/*/errors", "c/*/dev-1/answers", "c/*/dev-2/answers",
                "offload/pool/p/infer/m/dev-1", "offload/server/*/infer/m/dev-1", "offload/server/*/cancel/dev-1", "repo/p/get/dev-1"],
            ["d/dev-1/infer/m/*", "d/dev-1/cancel/*", "d/dev-1/update/notify", "d/dev-1/rsp/offload", "d/dev-1/rsp/repo", "offload/server/*/state"]
        },
        {
            "clients/cam-1",
            ["d/*/infer/m/cam-1", "d/*/cancel/cam-1"],
            ["c/cam-1/answers", "c/cam-1/errors", "c/cam-1/dev-1/answers", "c/cam-1/dev-2/answers", "d/*/state", "d/*/models", "d/*/metrics"]
        },
        {
            "servers/srv-1",
            ["offload/server/srv-1/state", "d/*/rsp/offload"],
            ["offload/pool/p/infer/m/*", "offload/server/srv-1/infer/m/*", "offload/server/srv-1/cancel/*"]
        },
        {
            "depots/dep-1",
            ["d/*/rsp/repo", "d/*/update/notify"],
            ["repo/p/get/*"]
        },
        {
            "operators/op-1",
            ["d/*/update/notify"],
            ["d/*/state", "d/*/models", "d/*/metrics", "d/*/update/status", "offload/server/*/state"]
        },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task Write_EveryTopic_ArrivesWhereTheRoleAndTheNameSaySo(string identity, string[] mayWrite, string[] mayRead)
    {
        Assert.NotEmpty(mayRead);
        await using var observer = await (await FleetPeer.ConnectAsync(fleet.Broker, null)).ListeningAsync();
        await using var peer = await FleetPeer.ConnectAsync(fleet.Broker, identity);
        foreach (var topic in Everything) Assert.Contains((await peer.SendAsync(topic)).Status, (PublishStatus[])[PublishStatus.Acknowledged, PublishStatus.Refused]);
        await observer.SendAsync("end", End);
        Assert.Equal(Expand(mayWrite), await observer.TopicsUntilAsync(End));
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task Read_EveryTopic_ArrivesWhereTheRoleAndTheNameSaySo(string identity, string[] mayWrite, string[] mayRead)
    {
        Assert.NotEmpty(mayWrite);
        await using var sender = await FleetPeer.ConnectAsync(fleet.Broker, null);
        await using var peer = await (await FleetPeer.ConnectAsync(fleet.Broker, identity)).ListeningAsync();
        foreach (var topic in Everything) Assert.Equal(PublishStatus.Acknowledged, (await sender.SendAsync(topic)).Status);
        await sender.SendAsync(Expand(mayRead).First(), End);
        Assert.Equal(Expand(mayRead), await peer.TopicsUntilAsync(End));
    }

    [Fact]
    public void Everything_OfTheTopics_HasEveryKind() =>
        Assert.Equal(Enum.GetValues<TopicKind>(), Everything.Where(topic => topic.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(topic => Topics.TryParse(System.Text.Encoding.UTF8.GetBytes(topic), out var parsed) ? parsed.Kind : throw new InvalidOperationException(topic)).Distinct().Order());

    private static IReadOnlyList<string> Everything { get; } =
    [
        .. Expand(
        [
            .. Names.Select(name => $"d/*/infer/m/{name}"), .. Names.Select(name => $"d/*/cancel/{name}"), "d/*/state", "d/*/models", "d/*/metrics", "d/*/update/notify", "d/*/update/status",
            "d/*/rsp/offload", "d/*/rsp/repo", "offload/pool/p/infer/m/*", .. Names.Select(name => $"offload/server/*/infer/m/{name}"),
            .. Names.Select(name => $"offload/server/*/cancel/{name}"), "offload/server/*/state", "repo/p/get/*",
            "c/*/answers", "c/*/errors", "c/*/dev-1/answers", "c/*/dev-2/answers",
        ]),
        "edge/v1/other/d/dev-1/state", "edge/v1/other/c/cam-1/answers", "elsewhere",
    ];

    private static SortedSet<string> Expand(IEnumerable<string> topics) =>
        new(topics.SelectMany(topic => topic.Contains('*', StringComparison.Ordinal) ? Names.Select(name => Prefix + topic.Replace("*", name, StringComparison.Ordinal)) : [Prefix + topic]), StringComparer.Ordinal);
}
