using System.Text;
using EdgeRuntime.Bundles;
using EdgeRuntime.Device.Configuration;
using EdgeRuntime.Device.Responses;
using EdgeRuntime.Device.Serving;
using EdgeRuntime.Messaging;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Device.Admission;

/// <summary>
/// Decides of each request that arrives whether it is admitted; what is not is answered at once. Runs on the link's dispatch thread and takes
/// microseconds: payloads are read by workers. The message is its own from the call on.
/// </summary>
internal sealed partial class RequestGate(RuntimeSettings settings, AdmissionBudget budget, ModelLanes lanes, Responder responder, TimeProvider time)
{
    private readonly byte[] _fleet = Encoding.UTF8.GetBytes(settings.Fleet);
    private volatile bool _closed;

    /// <summary>From now on every request is refused: the device shuts down.</summary>
    public void Close() => _closed = true;

    public void Take(MqttMessage message, in TopicName topic)
    {
        var outcome = TryAdmit(message, topic);
        if (outcome.Status == InferenceStatus.Ok) return;
        try
        {
            responder.Refuse(message, Topics.IsClientTopic(message.ResponseTopic, _fleet, topic.Sender), topic.Sender, outcome);
        }
        finally
        {
            message.Dispose();
        }
    }

    private Outcome TryAdmit(MqttMessage message, in TopicName topic)
    {
        if (CheckEnvelope(message, topic) is { Status: not InferenceStatus.Ok } malformed) return malformed;
        if (RequestProperties.Read(message, out var properties) is { } error) return Outcome.Of(error);
        if (_closed) return ShuttingDown();
        var left = Budget(message, properties);
        if (left <= TimeSpan.Zero) return new Outcome(InferenceStatus.DeadlineExceeded, "the deadline had passed when the request arrived");
        if (!lanes.TryFind(topic.Model, out var lane)) return new Outcome(InferenceStatus.NotFound, $"no model '{Encoding.UTF8.GetString(topic.Model)}' on device '{settings.Device}', only {lanes}");
        if (lane.Refusal(properties) is { Status: not InferenceStatus.Ok } refused) return refused;
        return Enqueue(message, properties, topic.Sender, lane, message.ReceivedTimestamp + (long)(left.TotalSeconds * time.TimestampFrequency));
    }

    private Outcome Enqueue(MqttMessage message, in RequestProperties properties, ReadOnlySpan<byte> sender, ModelLane lane, long due)
    {
        Span<char> client = stackalloc char[Identifier.MaximumLength];
        client = client[..Encoding.ASCII.GetChars(sender, client)];
        var entered = budget.TryEnter(client, message.PayloadLength, out var request, out var place);
        if (entered.Status != InferenceStatus.Ok) return entered;
        request!.Begin(message, properties, place!, due);
        if (lane.TryAdd(request)) return Outcome.Ok;
        request.Withdraw();
        if (_closed) return ShuttingDown();
        return new Outcome(InferenceStatus.ResourceExhausted, $"the queue of model '{lane.Name}' is at its limit of {settings.Limits.QueueMessages} requests (limits.queueMessages)", lane.ExpectedWait);
    }

    private Outcome ShuttingDown() => new(InferenceStatus.Unavailable, $"device '{settings.Device}' is shutting down");

    // What is left of the client's time: the smaller of its budget and the message's expiry.
    private static TimeSpan Budget(MqttMessage message, in RequestProperties properties)
    {
        var expiry = message.Expiry!.Value;
        return properties.Deadline is { } deadline && deadline < expiry ? deadline : expiry;
    }
}
