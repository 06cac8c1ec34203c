using System.Buffers;
using EdgeRuntime.Messaging.OpenInference.Binary;
using EdgeRuntime.Messaging.OpenInference.Json;

namespace EdgeRuntime.Messaging.OpenInference;

/// <summary>
/// The Open Inference Protocol v2 with its binary tensor data extension, in <c>application/octet-stream</c>: a JSON header whose
/// length the user property <see cref="PropertyNames.HeaderLength"/> tells, then the data of the tensors that have a
/// <c>binary_data_size</c>. NaN and infinities pass. Tensor data read is not copied: it lies in the payload.
/// Source: Triton Inference Server, protocol extension "binary tensor data".
/// </summary>
public static class BinaryCodec
{
    /// <summary>Reads a request; the payload must stay as it is until the request is reset. After an error only reset the request.</summary>
    public static ProtocolError? Read(ReadOnlyMemory<byte> payload, int? headerLength, InferenceRequest request, ProtocolLimits limits)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(limits);
        request.Reset();
        if (BinarySections.CheckHeader(payload.Length, headerLength, limits) is { } error) return error;
        request.Store.Payload = payload;
        var reader = new MessageReader(request.Store, payload.Span[..headerLength!.Value], limits, sections: true);
        return reader.TryRequest(request) ? BinarySections.Read(request.Store, request.Inputs, headerLength.Value) : reader.Error;
    }

    /// <summary>Reads a response; the payload must stay as it is until the response is reset.</summary>
    public static ProtocolError? Read(ReadOnlyMemory<byte> payload, int? headerLength, InferenceResponse response, ProtocolLimits limits)
    {
        ArgumentNullException.ThrowIfNull(response);
        ArgumentNullException.ThrowIfNull(limits);
        response.Reset();
        if (BinarySections.CheckHeader(payload.Length, headerLength, limits) is { } error) return error;
        response.Store.Payload = payload;
        var reader = new MessageReader(response.Store, payload.Span[..headerLength!.Value], limits, sections: true);
        return reader.TryResponse(response) ? BinarySections.Read(response.Store, response.Outputs, headerLength.Value) : reader.Error;
    }

    /// <summary>Writes a request; inputs added as binary go into sections. An error is found before anything is written.</summary>
    /// <param name="request">What to write.</param>
    /// <param name="to">Where to.</param>
    /// <param name="headerLength">The value for <see cref="PropertyNames.HeaderLength"/>.</param>
    public static ProtocolError? Write(InferenceRequest request, IBufferWriter<byte> to, out int headerLength)
    {
        ArgumentNullException.ThrowIfNull(request);
        headerLength = 0;
        if (MessageWriter.Check(request.Inputs, sections: true) is { } error) return error;
        headerLength = new MessageWriter(to, sections: true).Write(request);
        BinarySections.Write(request.Inputs, to);
        return null;
    }

    /// <summary>Writes a response; outputs added as binary go into sections. An error is found before anything is written.</summary>
    /// <param name="response">What to write.</param>
    /// <param name="to">Where to.</param>
    /// <param name="headerLength">The value for <see cref="PropertyNames.HeaderLength"/>.</param>
    public static ProtocolError? Write(InferenceResponse response, IBufferWriter<byte> to, out int headerLength)
    {
        ArgumentNullException.ThrowIfNull(response);
        headerLength = 0;
        if (MessageWriter.Check(response.Outputs, sections: true) is { } error) return error;
        headerLength = new MessageWriter(to, sections: true).Write(response);
        BinarySections.Write(response.Outputs, to);
        return null;
    }

    /// <summary>
    /// Writes a request for a server behind this one: all data in sections, all outputs asked for in sections, whatever the request says of
    /// either; no parameters of tensors but <c>classification</c>.
    /// </summary>
    /// <param name="request">What to write.</param>
    /// <param name="to">Where to.</param>
    /// <returns>Bytes of the JSON header.</returns>
    public static int Forward(InferenceRequest request, IBufferWriter<byte> to)
    {
        ArgumentNullException.ThrowIfNull(request);
        var headerLength = new MessageWriter(to, sections: true, forward: true).Write(request);
        BinarySections.Write(request.Inputs, to, all: true);
        return headerLength;
    }
}
