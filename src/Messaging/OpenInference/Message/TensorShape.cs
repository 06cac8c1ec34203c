namespace EdgeRuntime.Messaging.OpenInference;

internal static class TensorShape
{
    // Zero dimensions must not hide an overflow of the others: [0, 2^62, 2^62] is refused.
    public static bool TryCount(ReadOnlySpan<long> shape, out long count)
    {
        var product = 1L;
        var empty = false;
        count = 0;
        foreach (var dimension in shape)
        {
            if (dimension < 0) return false;
            if (dimension == 0) empty = true;
            else if (product > long.MaxValue / dimension) return false;
            else product *= dimension;
        }
        count = empty ? 0 : product;
        return true;
    }

    // Whether data is what a type and a shape say, for both directions.
    public static ProtocolError? Check(TensorDataType type, ReadOnlySpan<long> shape, ReadOnlySpan<byte> data, ReadOnlySpan<byte> name)
    {
        if (!TryCount(shape, out var count))
            return new(ProtocolErrorCode.InvalidShape, $"tensor {ProtocolError.Quote(name)} has a negative dimension or more than {long.MaxValue} elements");
        return type == TensorDataType.Bytes ? CheckBytes(count, data, name) : CheckFixed(type, count, data, name);
    }

    private static ProtocolError? CheckFixed(TensorDataType type, long count, ReadOnlySpan<byte> data, ReadOnlySpan<byte> name)
    {
        var size = type.ElementSize();
        if (size == 0) return new(ProtocolErrorCode.UnknownDataType, $"tensor {ProtocolError.Quote(name)} has no datatype");
        if ((Int128)count * size != data.Length)
            return new(ProtocolErrorCode.BinarySizeMismatch,
                $"tensor {ProtocolError.Quote(name)} has {data.Length} bytes of data, its shape asks for {count} elements of {size} bytes");
        // A BOOL other than 0 and 1 is undefined behaviour in native kernels.
        if (type == TensorDataType.Bool && data.IndexOfAnyExcept((byte)0, (byte)1) is >= 0 and var index)
            return new(ProtocolErrorCode.ValueOutOfRange, $"tensor {ProtocolError.Quote(name)} has the BOOL {data[index]} at element {index}, which is neither 0 nor 1");
        return null;
    }

    private static ProtocolError? CheckBytes(long count, ReadOnlySpan<byte> data, ReadOnlySpan<byte> name)
    {
        var found = 0L;
        var elements = new BytesElements(data);
        while (elements.MoveNext()) found++;
        if (elements.IsBroken)
            return new(ProtocolErrorCode.BinarySizeMismatch, $"tensor {ProtocolError.Quote(name)} of BYTES is broken off in element {found}");
        return found == count ? null : new(ProtocolErrorCode.DataMismatch,
            $"tensor {ProtocolError.Quote(name)} of BYTES has {found} elements, its shape asks for {count}");
    }
}
