using System.Buffers.Binary;
using System.Text;
using EdgeRuntime.Benchmarks.Device;
using EdgeRuntime.Messaging;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Benchmarks.Load;

/// <summary>Publishes the requests of one stream in turn. One thread.</summary>
internal sealed class RequestSender(MosquittoLink link, string client, LoadStream stream, int run)
{
    public const int CorrelationBytes = 8;

    private readonly byte[] _topic = Encoding.UTF8.GetBytes(Topics.Infer(DeviceFolder.Fleet, stream.Device.Name, stream.Model, client));
    private readonly byte[] _answers = Encoding.UTF8.GetBytes(Topics.Client(DeviceFolder.Fleet, client, "answers"));
    private readonly MqttUserProperties _properties = new();
    private readonly byte[] _correlation = new byte[CorrelationBytes];

    /// <summary>Sends the request of this number; false where the link does not take it.</summary>
    /// <param name="number">Counts from 0.</param>
    /// <param name="left">What is left of its deadline.</param>
    public bool Send(int number, TimeSpan left)
    {
        var request = stream.Requests[number % stream.Requests.Count];
        BinaryPrimitives.WriteInt32LittleEndian(_correlation, run);
        BinaryPrimitives.WriteInt32LittleEndian(_correlation.AsSpan(sizeof(int)), number);
        return link.TryPublish(new MqttPublication(_topic, request.Payload)
        {
            Qos = stream.Qos,
            Expiry = left,
            ContentType = request.ContentTypeUtf8,
            ResponseTopic = _answers,
            CorrelationData = _correlation,
            UserProperties = Properties(request, left - LoadStream.WayBack),
        }).IsAccepted;
    }

    private MqttUserProperties Properties(BenchRequest request, TimeSpan deadline)
    {
        _properties.Clear();
        _properties.Add("deadline-ms"u8, (long)Math.Max(1, deadline.TotalMilliseconds));
        if (stream.Priority is { } priority) _properties.Add("priority"u8, priority);
        if (stream.Offload != OffloadRule.Auto) _properties.Add("offload"u8, stream.Offload.WireName());
        return request.AddTo(_properties);
    }
}
