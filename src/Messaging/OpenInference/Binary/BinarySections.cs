using System.Buffers;

namespace EdgeRuntime.Messaging.OpenInference.Binary;

// The tensor data that follows the JSON header, in the order of the tensors, without gaps.
internal static class BinarySections
{
    // Points each binary tensor at its section; what is there must be exactly what the header says.
    public static ProtocolError? Read(MessageStore store, TensorSet tensors, int headerLength)
    {
        long at = headerLength;
        for (var i = 0; i < tensors.Count; i++)
        {
            if (!tensors.Record(i).Binary) continue;
            var tensor = tensors[i];
            tensor.Parameters.TryGet("binary_data_size"u8, out var size);
            if (at + size.Integer > store.Payload.Length)
                return new(ProtocolErrorCode.BinarySizeMismatch,
                    $"tensor {ProtocolError.Quote(tensor.Name)} has a binary_data_size of {size.Integer}, {store.Payload.Length - at} bytes of the payload are left");
            tensors.SetData(i, Slice.InPayload((int)at, (int)size.Integer));
            at += size.Integer;
            if (TensorShape.Check(tensor.DataType, tensor.Shape, tensors[i].Data, tensor.Name) is { } error) return error;
        }
        return at == store.Payload.Length ? null : new(ProtocolErrorCode.TrailingData,
            $"the last binary section ends at byte {at}, {store.Payload.Length - at} bytes follow it");
    }

    public static void Write(TensorSet tensors, IBufferWriter<byte> to, bool all = false)
    {
        for (var i = 0; i < tensors.Count; i++)
            if (all || tensors[i].IsBinary) to.Write(tensors[i].Data);
    }

    public static ProtocolError? CheckHeader(int payloadLength, int? headerLength, ProtocolLimits limits)
    {
        if (PayloadSize.Check(payloadLength, limits) is { } error) return error;
        if (headerLength is not { } length)
            return new(ProtocolErrorCode.InvalidHeaderLength, $"a payload of application/octet-stream needs the user property {PropertyNames.HeaderLength}");
        if (length < 1 || length > payloadLength)
            return new(ProtocolErrorCode.InvalidHeaderLength, $"{PropertyNames.HeaderLength} is {length}, the payload has {payloadLength} bytes");
        return length <= limits.MaxHeaderBytes ? null
            : new(ProtocolErrorCode.LimitExceeded, $"{PropertyNames.HeaderLength} is {length}, over the limit of {limits.MaxHeaderBytes}");
    }
}
