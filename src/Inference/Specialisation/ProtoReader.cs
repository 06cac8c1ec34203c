namespace EdgeRuntime.Inference.Specialisation;

/// <summary>Reads protobuf's wire format field by field, never past the end. Groups are refused.</summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _position;

    public const int Varint = 0, Fixed64 = 1, Message = 2, Fixed32 = 5;

    /// <summary>The number of the field that was read.</summary>
    public int Field { get; private set; }

    public int WireType { get; private set; }

    /// <summary>The content of a length-delimited field; empty for others.</summary>
    public ReadOnlySpan<byte> Content { get; private set; }

    /// <summary>The whole field as it stands, tag included.</summary>
    public ReadOnlySpan<byte> Whole { get; private set; }

    public bool Read()
    {
        if (_position == _bytes.Length) return false;
        int start = _position;
        ulong tag = ReadVarint();
        Field = (int)(tag >> 3);
        WireType = (int)(tag & 7);
        Content = default;
        switch (WireType)
        {
            case Varint: _ = ReadVarint(); break;
            case Fixed64: _ = Take(8); break;
            case Message: Content = Take(ReadVarint()); break;
            case Fixed32: _ = Take(4); break;
            default: throw Broken();
        }
        Whole = _bytes[start.._position];
        return true;
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64 && _position < _bytes.Length; shift += 7)
        {
            byte part = _bytes[_position++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return value;
        }
        throw Broken();
    }

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)(_bytes.Length - _position)) throw Broken();
        var taken = _bytes.Slice(_position, (int)count);
        _position += (int)count;
        return taken;
    }

    private readonly InferenceException Broken() =>
        new(InferenceError.ModelInvalid, $"the model's protobuf is broken at byte {_position} of {_bytes.Length}");
}
