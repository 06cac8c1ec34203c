using System.IO.Hashing;
using System.Runtime.InteropServices;
using EdgeRuntime.Messaging;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Serving.Transport.Repeats;

/// <summary>
/// What a request is told from all others by: its topic (so its client and model), where its answer goes, its correlation data, its payload and what it wishes
/// for but time. A client that gives all its requests the same correlation data has them told apart by what they ask. One thread.
/// </summary>
internal sealed class RequestPrint
{
    private readonly XxHash128 _hash = new();

    /// <param name="message">The request.</param>
    /// <param name="properties">Its user properties.</param>
    public UInt128 Of(MqttMessage message, in RequestProperties properties)
    {
        _hash.Reset();
        // Lengths, or two could read the same in a row.
        ReadOnlySpan<int> head = [message.Topic.Length, message.ResponseTopic.Length, message.CorrelationData.Length, message.ContentType.Length, properties.ModelVersion.Utf8.Length,
            (int)properties.Offload, (int?)properties.Accept ?? -1, properties.HeaderLength ?? -1];
        ReadOnlySpan<double> floor = [properties.MinQuality ?? -1];
        _hash.Append(MemoryMarshal.AsBytes(head));
        _hash.Append(MemoryMarshal.AsBytes(floor));
        _hash.Append(message.Topic);
        _hash.Append(message.ResponseTopic);
        _hash.Append(message.CorrelationData);
        _hash.Append(message.ContentType);
        _hash.Append(properties.ModelVersion.Utf8);
        _hash.Append(message.Payload.Span);
        return _hash.GetCurrentHashAsUInt128();
    }
}
