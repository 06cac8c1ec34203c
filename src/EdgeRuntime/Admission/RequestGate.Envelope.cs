using System.Text;
using EdgeRuntime.Bundles;
using EdgeRuntime.Device.Serving;
using EdgeRuntime.Messaging;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Device.Admission;

// What must hold of the message around a payload.
internal sealed partial class RequestGate
{
    private static readonly TimeSpan Later = TimeSpan.FromMilliseconds(500);

    private Outcome CheckEnvelope(MqttMessage message, in TopicName topic)
    {
        if (message.ResponseTopic.IsEmpty) return Outcome.Invalid($"no response topic is given: it must be under {ClientPrefix(topic)}");
        if (!Topics.IsClientTopic(message.ResponseTopic, _fleet, topic.Sender))
            return Outcome.Invalid($"response topic '{Identifier.Quote(Encoding.UTF8.GetString(message.ResponseTopic))}' is not under {ClientPrefix(topic)}");
        if (message.Retain) return Outcome.Invalid("the request is retained, which would repeat it at every start");
        if (message.CorrelationData.IsEmpty) return Outcome.Invalid("no correlation data is given");
        if (message.Expiry is null) return Outcome.Invalid("no message expiry is given");
        if (message.PayloadLength > settings.Limits.PayloadBytes.Bytes)
            return Outcome.Invalid($"the payload has {message.PayloadLength} bytes, over the limit of {settings.Limits.PayloadBytes.Bytes} (limits.payloadBytes)");
        return message.Truncated
            ? new Outcome(InferenceStatus.ResourceExhausted, $"the payload of {message.PayloadLength} bytes found no room beside those that wait", Later)
            : Outcome.Ok;
    }

    private string ClientPrefix(in TopicName topic) => $"edge/v1/{settings.Fleet}/c/{Encoding.UTF8.GetString(topic.Sender)}/";
}
