using System.Buffers.Binary;

namespace EdgeRuntime.Inference.Images;

/// <summary>What an encoded image states about its size, read without decoding it.</summary>
internal readonly record struct ImageHeader(string Format, long Width, long Height)
{
    /// <summary>The header of a JPEG or PNG; null where the bytes are neither, or end before their header does.</summary>
    public static ImageHeader? Read(ReadOnlySpan<byte> encoded)
    {
        if (encoded.StartsWith(PngSignature)) return Png(encoded);
        return encoded.Length > 2 && encoded[0] == 0xFF && encoded[1] == 0xD8 ? Jpeg(encoded) : null;
    }

    private static ReadOnlySpan<byte> PngSignature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    // ISO/IEC 15948, 11.2.2: the first chunk is IHDR, 13 bytes long, width and height first.
    private static ImageHeader? Png(ReadOnlySpan<byte> encoded)
    {
        var chunk = encoded[8..];
        if (chunk.Length < 21 || !chunk[4..8].SequenceEqual("IHDR"u8)) return null;
        return new ImageHeader("PNG", BinaryPrimitives.ReadUInt32BigEndian(chunk[8..]), BinaryPrimitives.ReadUInt32BigEndian(chunk[12..]));
    }

    /// <summary>
    /// Null where ONNX Runtime Extensions decode a PNG rightly; they give black for greyscale below 8 bits, and the first pass
    /// only of an interlaced one.
    /// </summary>
    public static string? ExplainPng(ReadOnlySpan<byte> png)
    {
        byte depth = png[24], colour = png[25], interlaced = png[28];
        if (colour == 0 && depth < 8) return $"is greyscale of {depth} bits; 8 is the least that is supported";
        return interlaced == 0 ? null : "is an interlaced PNG, which is not supported";
    }

    // ITU-T T.81, B.1 and B.2.2: segments of marker and length, until a frame header SOFn with height and width. A height of
    // 0 would be stated later, by DNL: refused, since it is no bound.
    private static ImageHeader? Jpeg(ReadOnlySpan<byte> encoded)
    {
        for (int at = 2; at + 4 <= encoded.Length;)
        {
            if (encoded[at] != 0xFF) return null;
            byte marker = encoded[at + 1];
            if (marker == 0xFF)
            {
                at++; // fill byte
                continue;
            }
            if (marker is 0x01 or (>= 0xD0 and <= 0xD7))
            {
                at += 2; // no length
                continue;
            }
            if (marker is 0xD9 or 0xDA) return null; // pixels before any frame header
            int length = BinaryPrimitives.ReadUInt16BigEndian(encoded[(at + 2)..]);
            if (length < 2) return null;
            if (IsFrameHeader(marker)) return Frame(encoded, at, length);
            at += 2 + length;
        }
        return null;
    }

    private static bool IsFrameHeader(byte marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

    private static ImageHeader? Frame(ReadOnlySpan<byte> encoded, int at, int length)
    {
        if (length < 8 || at + 9 > encoded.Length) return null;
        return new ImageHeader("JPEG", BinaryPrimitives.ReadUInt16BigEndian(encoded[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(encoded[(at + 5)..]));
    }
}
