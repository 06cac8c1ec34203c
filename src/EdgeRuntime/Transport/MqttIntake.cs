using System.Text;
using EdgeRuntime.Bundles;
using EdgeRuntime.Device.Admission;
using EdgeRuntime.Device.Configuration;
using EdgeRuntime.Device.Metrics;
using EdgeRuntime.Device.Responses;
using EdgeRuntime.Device.Serving;
using EdgeRuntime.Messaging;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Device.Transport;

/// <summary>
/// Takes requests from the broker: what must hold of the message around a payload is checked here, the rest at the gate. What is not admitted is
/// answered at once. Runs on the link's dispatch thread and takes microseconds: payloads are read by workers.
/// </summary>
internal sealed class MqttIntake(RuntimeSettings settings, RequestGate gate, MqttRequestPool pool, Responder responder, DeviceMetrics metrics, ModelLanes lanes, TimeProvider time)
{
    private static readonly TimeSpan Later = TimeSpan.FromMilliseconds(500);

    private readonly byte[] _fleet = Encoding.UTF8.GetBytes(settings.Fleet);

    /// <param name="message">Its own from the call on.</param>
    /// <param name="topic">Of kind <see cref="TopicKind.Infer"/>.</param>
    public void Take(MqttMessage message, in TopicName topic)
    {
        var request = pool.Take();
        request.Begin(message, topic.Sender, Topics.IsClientTopic(message.ResponseTopic, _fleet, topic.Sender));
        var outcome = TryAdmit(request, topic);
        if (outcome.Status == InferenceStatus.Ok) return;
        try
        {
            responder.Refuse(request, outcome);
        }
        finally
        {
            var counted = lanes.TryFind(topic.Model, out var versions) ? metrics.Model(versions.Name) : metrics.Unknown;
            counted.Refused(outcome.Reason, time.GetElapsedTime(request.ReceivedTimestamp));
            request.Dispose();
        }
    }

    private Outcome TryAdmit(MqttRequest request, in TopicName topic)
    {
        var message = request.Message;
        if (CheckEnvelope(message, topic) is { Status: not InferenceStatus.Ok } malformed) return malformed;
        if (RequestProperties.Read(message, out var properties) is { } error) return Outcome.Of(error);
        return gate.TryAdmit(request, properties, topic.Model, Budget(message, properties));
    }

    private Outcome CheckEnvelope(MqttMessage message, in TopicName topic)
    {
        if (message.ResponseTopic.IsEmpty) return Outcome.Invalid($"no response topic is given: it must be under {ClientPrefix(topic)}");
        if (!Topics.IsClientTopic(message.ResponseTopic, _fleet, topic.Sender))
            return Outcome.Invalid($"response topic '{Identifier.Quote(Encoding.UTF8.GetString(message.ResponseTopic))}' is not under {ClientPrefix(topic)}");
        if (message.Retain) return Outcome.Invalid("the request is retained, which would repeat it at every start");
        if (message.CorrelationData.IsEmpty) return Outcome.Invalid("no correlation data is given");
        if (message.Expiry is null) return Outcome.Invalid("no message expiry is given");
        return message.Truncated
            ? new Outcome(RefusalReason.Memory, $"the payload of {message.PayloadLength} bytes found no room beside those that wait", Later)
            : Outcome.Ok;
    }

    private string ClientPrefix(in TopicName topic) => $"edge/v1/{settings.Fleet}/c/{Encoding.UTF8.GetString(topic.Sender)}/";

    // What is left of the client's time: the smaller of its budget and the message's expiry.
    private static TimeSpan Budget(MqttMessage message, in RequestProperties properties)
    {
        var expiry = message.Expiry!.Value;
        return properties.Deadline is { } deadline && deadline < expiry ? deadline : expiry;
    }
}
