using System.Buffers.Binary;
using System.Text;
using EdgeRuntime.Messaging;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Device.Offload;

/// <summary>Publishes a request to a server as its client sent it, with the time that is left, and that it is given up. Its caller holds the sending's lock; publications are made one at a time.</summary>
internal sealed class RequestPost(IMqttLink link, string fleet, string device)
{
    private static readonly TimeSpan LeastExpiry = TimeSpan.FromSeconds(1); // MQTT's unit

    private readonly byte[] _responseTopic = Encoding.UTF8.GetBytes(Topics.Of(TopicKind.OffloadResponse, fleet, device));
    private readonly Lock _gate = new();
    private readonly MqttUserProperties _properties = new();
    private readonly byte[] _correlation = new byte[sizeof(long)], _trace = new byte[TraceParent.WireLength];

    public bool TryPublish(Sending sending, TimeSpan left)
    {
        if (left <= TimeSpan.Zero) return false;
        var incoming = sending.Pending.Incoming;
        lock (_gate)
        {
            Fill(sending.Pending.Properties, left);
            BinaryPrimitives.WriteInt64LittleEndian(_correlation, sending.Id);
            return link.TryPublish(new MqttPublication(sending.Line.Topic, incoming.Payload.Span)
            {
                Qos = MqttQos.AtMostOnce, // a request that is lost has its fallback or its deadline; one that comes twice costs twice
                ContentType = incoming.ContentType,
                ResponseTopic = _responseTopic,
                CorrelationData = _correlation,
                Expiry = left > LeastExpiry ? left : LeastExpiry,
                UserProperties = _properties,
            }).IsAccepted;
        }
    }

    /// <summary>Tells the server that nobody waits for its answer any more; where that is lost, it answers in vain.</summary>
    public void Cancel(Sending sending)
    {
        lock (_gate)
        {
            BinaryPrimitives.WriteInt64LittleEndian(_correlation, sending.Id);
            link.TryPublish(new MqttPublication(sending.Server.CancelTopic, _correlation) { Qos = MqttQos.AtMostOnce, Expiry = LeastExpiry });
        }
    }

    /// <summary>The number of a sending in its answer; null where that is none of ours.</summary>
    public static long? IdOf(MqttMessage answer) =>
        answer.CorrelationData.Length == sizeof(long) ? BinaryPrimitives.ReadInt64LittleEndian(answer.CorrelationData) : null;

    private void Fill(in RequestProperties asked, TimeSpan left)
    {
        _properties.Clear();
        _properties.Add("deadline-ms"u8, Math.Max(1, (long)left.TotalMilliseconds));
        _properties.Add("priority"u8, asked.Priority);
        if (asked.MinQuality is { } floor) _properties.Add(PropertyNames.MinQuality, floor.ToString("r", System.Globalization.CultureInfo.InvariantCulture));
        if (asked.Accept is { } accept) _properties.Add("accept"u8, accept.ContentType());
        if (asked.HeaderLength is { } header) _properties.Add("inference-header-content-length"u8, header);
        if (!asked.ModelVersion.IsEmpty) _properties.Add("model-version"u8, asked.ModelVersion.Utf8);
        if (asked.Trace is { } trace) _properties.Add("traceparent"u8, _trace.AsSpan(0, trace.Format(_trace)));
    }
}
