using System.Buffers.Binary;

namespace EdgeRuntime.Messaging.OpenInference.Image;

// The size that an encoded image states in its own header, read before any decoder takes memory for it.
internal static class ImageHeader
{
    private static ReadOnlySpan<byte> PngSignature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static bool IsPng(ReadOnlySpan<byte> image) => image.StartsWith(PngSignature);

    public static bool IsJpeg(ReadOnlySpan<byte> image) => image.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]);

    // ISO/IEC 15948: IHDR is the first chunk and starts with width and height.
    public static bool TryPngSize(ReadOnlySpan<byte> image, out long width, out long height)
    {
        width = height = 0;
        if (image.Length < 24 || !image[12..16].SequenceEqual("IHDR"u8)) return false;
        width = BinaryPrimitives.ReadUInt32BigEndian(image[16..]);
        height = BinaryPrimitives.ReadUInt32BigEndian(image[20..]);
        return width is > 0 and <= int.MaxValue && height is > 0 and <= int.MaxValue; // the standard's range: their product fits
    }

    // ISO/IEC 10918-1: segments of marker and length up to the first start of frame, which has height and width at 3 and 5.
    public static bool TryJpegSize(ReadOnlySpan<byte> image, out long width, out long height)
    {
        width = height = 0;
        var at = 2;
        while (at + 4 <= image.Length && image[at] == 0xFF)
        {
            var marker = image[at + 1];
            if (marker == 0xFF) { at++; continue; } // fill byte
            if (marker is 0x01 or (>= 0xD0 and <= 0xD7)) { at += 2; continue; } // no length
            if (marker is 0xD9 or 0xDA) return false; // end, or pixels before a frame
            var length = BinaryPrimitives.ReadUInt16BigEndian(image[(at + 2)..]);
            if (length < 2 || at + 2 + length > image.Length) return false;
            if (IsStartOfFrame(marker)) return TryFrame(image.Slice(at + 4, length - 2), out width, out height);
            at += 2 + length;
        }
        return false;
    }

    private static bool IsStartOfFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

    private static bool TryFrame(ReadOnlySpan<byte> frame, out long width, out long height)
    {
        width = height = 0;
        if (frame.Length < 6) return false;
        height = BinaryPrimitives.ReadUInt16BigEndian(frame[1..]);
        width = BinaryPrimitives.ReadUInt16BigEndian(frame[3..]);
        return width > 0 && height > 0;
    }
}
