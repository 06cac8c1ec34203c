using System.Text;
using EdgeRuntime.Messaging;
using EdgeRuntime.Serving.Transport;

namespace EdgeRuntime.Offload.Transport;

/// <summary>A device is answered on one topic, its own.</summary>
internal sealed class DeviceReplies(string fleet) : IReplyRule
{
    private readonly byte[] _fleet = Encoding.UTF8.GetBytes(fleet);

    public bool IsLawful(ReadOnlySpan<byte> responseTopic, ReadOnlySpan<byte> sender) =>
        Topics.TryParse(responseTopic, out var topic) && topic.Kind == TopicKind.OffloadResponse && topic.Fleet.SequenceEqual(_fleet) && topic.Owner.SequenceEqual(sender);

    public string Expected(ReadOnlySpan<byte> sender) => Topic(sender);

    public byte[] ErrorTopic(ReadOnlySpan<byte> sender) => Encoding.UTF8.GetBytes(Topic(sender));

    private string Topic(ReadOnlySpan<byte> sender) => Topics.Of(TopicKind.OffloadResponse, fleet, Encoding.UTF8.GetString(sender));
}
