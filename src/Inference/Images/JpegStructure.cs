using System.Buffers.Binary;

namespace EdgeRuntime.Inference.Images;

/// <summary>
/// Whether a JPEG is one that libjpeg decodes without a fatal error. ONNX Runtime Extensions leave libjpeg's error handler as
/// it is, which ends the process, and give it a source that never ends once the bytes do. So what would lead to either is
/// refused before: this walks the markers to the end of the image and holds them against ITU-T T.81 (B.2) and against what
/// libjpeg supports. Damage within the entropy-coded data does no harm: libjpeg goes on with grey.
/// </summary>
internal ref partial struct JpegStructure
{
    private const byte Soi = 0xD8, Eoi = 0xD9, Sos = 0xDA, Dqt = 0xDB, Dnl = 0xDC, Dri = 0xDD, Dht = 0xC4, Com = 0xFE;
    private const int MostScans = 64, MostBlocks = 10, LargestSide = 65_500;

    private readonly ReadOnlySpan<byte> _bytes;
    private int _at;
    private int _scans;
    private bool _wholeInOneScan;
    private bool _progressive;
    private int _componentCount;
    private Components _components;
    private int _dcTables, _acTables, _quantizationTables; // a bit for each of the four

    private JpegStructure(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Null where it is; otherwise what is wrong.</summary>
    public static string? Explain(ReadOnlySpan<byte> jpeg) => new JpegStructure(jpeg).Walk();

    private string? Walk()
    {
        if (_bytes.Length < 4 || _bytes[0] != 0xFF || _bytes[1] != Soi) return "does not start as a JPEG";
        _at = 2;
        while (true)
        {
            if (NextMarker() is not { } marker) return Truncated;
            if (marker == Eoi) return _scans > 0 ? null : "has no pixels";
            if (marker == Sos && _wholeInOneScan) return "has a second scan after a whole one";
            if (Segment() is not { } end) return Truncated;
            var content = _bytes[(_at + 2)..end];
            if (Check(marker, content) is { } reason) return reason;
            _at = end;
            if (marker == Sos) SkipEntropyCodedData();
        }
    }

    private const string Truncated = "ends early, or is no JPEG inside";

    private string? Check(byte marker, ReadOnlySpan<byte> content) => marker switch
    {
        0xC0 or 0xC1 or 0xC2 => Frame(content, progressive: marker == 0xC2),
        Dht => HuffmanTables(content),
        Dqt => QuantizationTables(content),
        Dri => content.Length == 2 ? null : "has a malformed restart interval",
        Sos => Scan(content),
        Com or Dnl or (>= 0xE0 and <= 0xEF) => null,
        _ => $"has the marker {marker:X2}, which is not supported: only baseline and progressive Huffman coding is",
    };

    // A marker where one must be; fill bytes before it are allowed.
    private byte? NextMarker()
    {
        if (_at >= _bytes.Length || _bytes[_at] != 0xFF) return null;
        while (_at < _bytes.Length && _bytes[_at] == 0xFF) _at++;
        return _at < _bytes.Length ? _bytes[_at++] : null;
    }

    private readonly int? Segment()
    {
        if (_at + 2 > _bytes.Length) return null;
        int length = BinaryPrimitives.ReadUInt16BigEndian(_bytes[_at..]);
        return length >= 2 && length <= _bytes.Length - _at ? _at + length : null;
    }

    // To the next marker that is neither a stuffed FF nor a restart.
    private void SkipEntropyCodedData()
    {
        while (true)
        {
            int next = _bytes[_at..].IndexOf((byte)0xFF);
            if (next < 0 || _at + next + 1 >= _bytes.Length)
            {
                _at = _bytes.Length;
                return;
            }
            _at += next;
            byte after = _bytes[_at + 1];
            if (after == 0xFF) _at++;
            else if (after is 0x00 or (>= 0xD0 and <= 0xD7)) _at += 2;
            else return;
        }
    }
}
