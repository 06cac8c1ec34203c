using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Lanes;
using EdgeRuntime.Serving.Transport;

namespace EdgeRuntime.Serving.Responses;

/// <summary>Writes answers and hands them to what brought the request. Holds buffers of its own: one thread each. Allocates nothing for an answer once warm.</summary>
internal sealed class Responder(ResponseCounters counters)
{
    private readonly PayloadBuffer _payload = new();

    /// <summary>Answers what was not admitted.</summary>
    public void Refuse(IncomingRequest request, in Outcome outcome) => Send(request, outcome, PayloadFormat.Json, 0, default);

    /// <summary>Answers an admitted request.</summary>
    /// <param name="request">Takes the answer.</param>
    /// <param name="outcome">OK, or what the error says.</param>
    /// <param name="response">The answer; only read where the outcome is OK.</param>
    /// <param name="accept">The content type that the answer must have, if any.</param>
    /// <param name="tale">Who answered and where the time went.</param>
    /// <returns>How it ended, which is not OK where the answer could not be written or held.</returns>
    public Outcome Answer(IncomingRequest request, Outcome outcome, InferenceResponse response, PayloadFormat? accept, in AnswerTale tale)
    {
        int headerLength = 0;
        var format = PayloadFormat.Json;
        if (outcome.Status == InferenceStatus.Ok) outcome = Write(response, accept, out format, out headerLength);
        return Send(request, outcome, format, headerLength, tale);
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

    private Outcome Send(IncomingRequest request, in Outcome outcome, PayloadFormat format, int headerLength, in AnswerTale tale)
    {
        if (outcome.Status != InferenceStatus.Ok) WriteError(outcome);
        var told = request.Send(new Answer { Outcome = outcome, Payload = _payload.WrittenSpan, Format = format, HeaderLength = headerLength, Tale = tale });
        counters.Count(told.Status);
        return told;
    }

    private void WriteError(in Outcome outcome)
    {
        _payload.Clear();
        JsonCodec.WriteError(outcome.Error ?? outcome.Status.ToString(), _payload);
    }
}
