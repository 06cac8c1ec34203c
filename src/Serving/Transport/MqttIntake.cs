using System.Text;
using EdgeRuntime.Bundles;
using EdgeRuntime.Messaging;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Admission;
using EdgeRuntime.Serving.Lanes;
using EdgeRuntime.Serving.Metrics;
using EdgeRuntime.Serving.Responses;
using EdgeRuntime.Serving.Transport.Repeats;

namespace EdgeRuntime.Serving.Transport;

/// <summary>
/// Takes requests from the broker: what must hold of the message around a payload is checked here, the rest at the gate. What is not admitted is
/// answered at once. Called one at a time by whoever reads from the broker, takes microseconds: payloads are read by workers.
/// </summary>
internal sealed class MqttIntake(IReplyRule replies, RequestGate gate, MqttRequestPool pool, Responder responder, DeviceMetrics metrics, ModelLanes lanes, TimeProvider time)
{
    private static readonly TimeSpan Later = TimeSpan.FromMilliseconds(500);

    private readonly RefusalPace _refusals = new(time.TimestampFrequency);
    private readonly RecentRequests _recent = new();
    private readonly RequestPrint _print = new();
    private readonly byte[] _kept = new byte[RecentRequests.Longest];

    /// <summary>Requests that came again and were not run again.</summary>
    public long Repeated => _recent.Repeated;

    /// <param name="message">Its own from the call on.</param>
    /// <param name="topic">Of a request.</param>
    public void Take(MqttMessage message, in TopicName topic)
    {
        var request = pool.Take();
        request.Begin(message, topic.Sender, replies.IsLawful(message.ResponseTopic, topic.Sender));
        var outcome = TryAdmit(request, topic);
        if (outcome.Status == InferenceStatus.Ok) return;
        try
        {
            request.Patience = _refusals.Next(time.GetTimestamp());
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
        var left = Budget(message, properties);
        return IsRepeated(request, properties, left) ? Outcome.Ok : gate.TryAdmit(request, properties, topic.Model, left);
    }

    // One that came before is not the gate's: its first one's answer is its own.
    private bool IsRepeated(MqttRequest request, in RequestProperties properties, TimeSpan left)
    {
        var print = _print.Of(request.Message, properties);
        long due = request.ReceivedTimestamp + (long)(left.TotalSeconds * time.TimestampFrequency);
        var repeat = _recent.Enter(print, due, time.GetTimestamp(), _kept, out int length);
        if (repeat == Repeat.None)
        {
            request.Know(_recent, print);
            return false;
        }
        if (repeat == Repeat.Answered) request.SendAgain(_kept.AsSpan(0, length));
        request.Dispose();
        return true;
    }

    private Outcome CheckEnvelope(MqttMessage message, in TopicName topic)
    {
        if (message.ResponseTopic.IsEmpty) return Outcome.Invalid($"no response topic is given: it must be {replies.Expected(topic.Sender)}");
        if (!replies.IsLawful(message.ResponseTopic, topic.Sender))
            return Outcome.Invalid($"response topic '{Identifier.Quote(Encoding.UTF8.GetString(message.ResponseTopic))}' is not {replies.Expected(topic.Sender)}");
        if (message.Retain) return Outcome.Invalid("the request is retained, which would repeat it at every start");
        if (message.CorrelationData.IsEmpty) return Outcome.Invalid("no correlation data is given");
        if (message.Expiry is null) return Outcome.Invalid("no message expiry is given");
        return message.Truncated
            ? new Outcome(RefusalReason.Memory, $"the payload of {message.PayloadLength} bytes found no room beside those that wait", Later)
            : Outcome.Ok;
    }

    // What is left of the client's time: the smaller of its budget and the message's expiry.
    private static TimeSpan Budget(MqttMessage message, in RequestProperties properties)
    {
        var expiry = message.Expiry!.Value;
        return properties.Deadline is { } deadline && deadline < expiry ? deadline : expiry;
    }
}
