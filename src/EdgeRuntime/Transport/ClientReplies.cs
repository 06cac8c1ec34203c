using System.Text;
using EdgeRuntime.Messaging;
using EdgeRuntime.Serving.Transport;

namespace EdgeRuntime.Device.Transport;

/// <summary>A client is answered under its own topic, which the broker lets nobody else read.</summary>
internal sealed class ClientReplies(string fleet) : IReplyRule
{
    private readonly byte[] _fleet = Encoding.UTF8.GetBytes(fleet);

    public bool IsLawful(ReadOnlySpan<byte> responseTopic, ReadOnlySpan<byte> sender) => Topics.IsClientTopic(responseTopic, _fleet, sender);

    public string Expected(ReadOnlySpan<byte> sender) => $"under edge/v1/{fleet}/c/{Encoding.UTF8.GetString(sender)}/";

    public byte[] ErrorTopic(ReadOnlySpan<byte> sender) => Encoding.UTF8.GetBytes(Topics.Client(fleet, Encoding.UTF8.GetString(sender), "errors"));
}
