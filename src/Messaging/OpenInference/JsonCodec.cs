using System.Buffers;
using System.Text;
using EdgeRuntime.Messaging.OpenInference.Json;

namespace EdgeRuntime.Messaging.OpenInference;

/// <summary>
/// The Open Inference Protocol v2 in <c>application/json</c>. Every refusal is a value; nothing is thrown whatever the bytes are.
/// Source: KServe, Open Inference Protocol (v2), inference REST API.
/// </summary>
public static class JsonCodec
{
    /// <summary>Reads a request; the payload must stay as it is until the request is reset. After an error only reset the request.</summary>
    public static ProtocolError? Read(ReadOnlyMemory<byte> payload, InferenceRequest request, ProtocolLimits limits)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(limits);
        request.Reset();
        if (PayloadSize.Check(payload.Length, limits) is { } error) return error;
        request.Store.Payload = payload;
        var reader = new MessageReader(request.Store, payload.Span, limits, sections: false);
        return reader.TryRequest(request) ? null : reader.Error;
    }

    /// <summary>Reads a response or an error response; the payload must stay as it is until the response is reset.</summary>
    public static ProtocolError? Read(ReadOnlyMemory<byte> payload, InferenceResponse response, ProtocolLimits limits)
    {
        ArgumentNullException.ThrowIfNull(response);
        ArgumentNullException.ThrowIfNull(limits);
        response.Reset();
        if (PayloadSize.Check(payload.Length, limits) is { } error) return error;
        response.Store.Payload = payload;
        var reader = new MessageReader(response.Store, payload.Span, limits, sections: false);
        return reader.TryResponse(response) ? null : reader.Error;
    }

    /// <summary>Writes a request. An error, such as NaN in a tensor, is found before anything is written.</summary>
    public static ProtocolError? Write(InferenceRequest request, IBufferWriter<byte> to)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (MessageWriter.Check(request.Inputs, sections: false) is { } error) return error;
        new MessageWriter(to, sections: false).Write(request);
        return null;
    }

    /// <summary>
    /// Writes a request for a server behind this one, which may not know of binary sections: none are asked for, whatever the request says; no
    /// parameters of tensors but <c>classification</c>. What JSON cannot carry is found before anything is written.
    /// </summary>
    public static ProtocolError? Forward(InferenceRequest request, IBufferWriter<byte> to)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (MessageWriter.Check(request.Inputs, sections: false) is { } error) return error;
        new MessageWriter(to, sections: false, forward: true).Write(request);
        return null;
    }

    /// <summary>Writes a response. An error, such as NaN in a tensor, is found before anything is written.</summary>
    public static ProtocolError? Write(InferenceResponse response, IBufferWriter<byte> to)
    {
        ArgumentNullException.ThrowIfNull(response);
        if (MessageWriter.Check(response.Outputs, sections: false) is { } error) return error;
        new MessageWriter(to, sections: false).Write(response);
        return null;
    }

    /// <summary>Writes <c>{"error": "..."}</c>, the payload of every status but OK. The message must be UTF-8.</summary>
    public static void WriteError(ReadOnlySpan<byte> message, IBufferWriter<byte> to) => new MessageWriter(to, sections: false).WriteError(message);

    /// <summary>Writes <c>{"error": "..."}</c>, the payload of every status but OK.</summary>
    public static void WriteError(string message, IBufferWriter<byte> to) => WriteError(Encoding.UTF8.GetBytes(message), to);
}
