using System.Text;
using EdgeRuntime.Device.Serving;
using EdgeRuntime.Messaging;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Device.Responses;

/// <summary>Writes answers and publishes them. Holds buffers of its own: one thread each. Allocates nothing for an answer once warm.</summary>
internal sealed class Responder(IMqttLink link, string fleet, ResponseCounters counters)
{
    private readonly PayloadBuffer _payload = new();
    private readonly MqttUserProperties _properties = new();

    /// <summary>Answers what was not admitted. Without a lawful response topic the answer goes to the client's own topic <c>errors</c>.</summary>
    public void Refuse(MqttMessage message, bool hasResponseTopic, ReadOnlySpan<byte> client, in Outcome outcome)
    {
        var topic = hasResponseTopic ? message.ResponseTopic : Encoding.UTF8.GetBytes(Topics.Client(fleet, Encoding.UTF8.GetString(client), "errors"));
        StartProperties(outcome);
        WriteError(outcome);
        Publish(message, topic, PayloadFormat.Json, null);
        counters.Count(outcome.Status);
    }

    /// <summary>Answers an admitted request.</summary>
    /// <param name="message">The request's message.</param>
    /// <param name="outcome">OK, or what the error says.</param>
    /// <param name="response">The answer; only read where the outcome is OK.</param>
    /// <param name="accept">The content type that the answer must have, if any.</param>
    /// <param name="tale">Who answered and where the time went.</param>
    public void Answer(MqttMessage message, Outcome outcome, InferenceResponse response, PayloadFormat? accept, in AnswerTale tale)
    {
        int headerLength = 0;
        var format = PayloadFormat.Json;
        if (outcome.Status == InferenceStatus.Ok) outcome = Write(response, accept, out format, out headerLength);
        StartProperties(outcome);
        tale.AddTo(_properties);
        if (format == PayloadFormat.Binary) _properties.Add("inference-header-content-length"u8, headerLength);
        if (outcome.Status != InferenceStatus.Ok) WriteError(outcome);
        Publish(message, message.ResponseTopic, format, tale.Left);
        counters.Count(outcome.Status);
    }

    private Outcome Write(InferenceResponse response, PayloadFormat? accept, out PayloadFormat format, out int headerLength)
    {
        _payload.Clear();
        headerLength = 0;
        bool binary = accept == PayloadFormat.Binary;
        for (int i = 0; i < response.Outputs.Count && !binary; i++) binary = response.Outputs[i].IsBinary;
        var error = binary ? BinaryCodec.Write(response, _payload, out headerLength) : JsonCodec.Write(response, _payload);
        format = binary && error is null ? PayloadFormat.Binary : PayloadFormat.Json;
        return error is null ? Outcome.Ok : Outcome.Of(error);
    }

    private void StartProperties(in Outcome outcome)
    {
        _properties.Clear();
        _properties.Add("status"u8, outcome.Status.WireName());
        if (outcome.RetryAfter is { } wait) _properties.Add("retry-after-ms"u8, (long)Math.Ceiling(wait.TotalMilliseconds));
    }

    private void WriteError(in Outcome outcome)
    {
        _payload.Clear();
        JsonCodec.WriteError(outcome.Error ?? outcome.Status.ToString(), _payload);
    }

    private void Publish(MqttMessage request, ReadOnlySpan<byte> topic, PayloadFormat format, TimeSpan? left)
    {
        var outcome = link.TryPublish(new MqttPublication(topic, _payload.WrittenSpan)
        {
            Qos = request.Qos,
            ContentType = format.ContentType(),
            PayloadIsUtf8 = format == PayloadFormat.Json,
            CorrelationData = request.CorrelationData,
            Expiry = Worth(left ?? request.Expiry),
            UserProperties = _properties,
        });
        if (!outcome.IsAccepted) counters.Lost(outcome);
    }

    // An answer is worth delivering for as long as its request was; a second at least, since that is MQTT's unit.
    private static TimeSpan Worth(TimeSpan? left) => left is { } time && time > TimeSpan.FromSeconds(1) ? time : TimeSpan.FromSeconds(1);
}
