using System.Text;

namespace EdgeRuntime.Bundles.Onnx;

/// <summary>Walks protobuf's wire format over a span, without a schema. Bounds are checked at every step.</summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> data)
{
    private ReadOnlySpan<byte> _rest = data;

    public int Field { get; private set; }

    /// <summary>The bytes of the current field where it is length-delimited; else empty.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>The current field where it is a varint.</summary>
    public ulong Number { get; private set; }

    public readonly string Text => Encoding.UTF8.GetString(Bytes);

    /// <exception cref="BundleException">Not protobuf.</exception>
    public bool Next()
    {
        if (_rest.IsEmpty) return false;
        var tag = Varint();
        Field = (int)(tag >> 3);
        Bytes = default;
        Number = 0;
        switch (tag & 7)
        {
            case 0: Number = Varint(); break;
            case 1: Take(8); break;
            case 2: Bytes = Take(Varint()); break;
            case 5: Take(4); break;
            default: throw new BundleException(BundleError.ForbiddenContent, $"not an ONNX model: wire type {tag & 7}");
        }
        return true;
    }

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)_rest.Length) throw new BundleException(BundleError.ForbiddenContent, $"not an ONNX model: a field of {count} bytes where {_rest.Length} are left");
        var taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (var i = 0; i < 10 && i < _rest.Length; i++)
        {
            value |= (ulong)(_rest[i] & 0x7f) << (7 * i);
            if ((_rest[i] & 0x80) != 0) continue;
            _rest = _rest[(i + 1)..];
            return value;
        }
        throw new BundleException(BundleError.ForbiddenContent, "not an ONNX model: a number does not end");
    }
}
