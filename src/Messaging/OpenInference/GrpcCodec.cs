using EdgeRuntime.Messaging.OpenInference.Grpc;

namespace EdgeRuntime.Messaging.OpenInference;

/// <summary>
/// The Open Inference Protocol v2 in its gRPC form, the side of a client: writes <c>inference.ModelInferRequest</c> and reads
/// <c>inference.ModelInferResponse</c>. Every refusal is a value; nothing is thrown whatever the bytes are. Raw tensor data read is not copied:
/// it lies in the payload. Source: KServe, Open Inference Protocol (v2), GRPC API.
/// </summary>
public static class GrpcCodec
{
    /// <summary>Reads a response, with raw_output_contents or typed contents; the payload must stay as it is until the response is reset.</summary>
    public static ProtocolError? Read(ReadOnlyMemory<byte> payload, InferenceResponse response, ProtocolLimits limits)
    {
        ArgumentNullException.ThrowIfNull(response);
        ArgumentNullException.ThrowIfNull(limits);
        response.Reset();
        if (PayloadSize.Check(payload.Length, limits) is { } error) return error;
        response.Store.Payload = payload;
        var reader = new ResponseReader(response, payload.Span, limits);
        return reader.TryRead() ? null : reader.Error;
    }

    /// <summary>
    /// Appends a request for a server behind this one: data in raw_input_contents, parameters of the request, no parameters of tensors but
    /// <c>classification</c>.
    /// </summary>
    /// <param name="request">What to write.</param>
    /// <param name="model">The model's name at the server, UTF-8.</param>
    /// <param name="version">The version asked for, UTF-8; empty for the server's choice.</param>
    /// <param name="to">Where to.</param>
    public static void Forward(InferenceRequest request, ReadOnlySpan<byte> model, ReadOnlySpan<byte> version, PayloadBuffer to)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(to);
        new RequestWriter(to).Write(request, model, version);
    }
}
