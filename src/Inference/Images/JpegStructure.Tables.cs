namespace EdgeRuntime.Inference.Images;

internal ref partial struct JpegStructure
{
    private string? QuantizationTables(ReadOnlySpan<byte> content)
    {
        while (!content.IsEmpty)
        {
            int precision = content[0] >> 4, index = content[0] & 15, length = 1 + 64 * (precision + 1);
            if (precision > 1 || index > 3 || content.Length < length) return "has a malformed quantization table";
            _quantizationTables |= 1 << index;
            content = content[length..];
        }
        return null;
    }

    private string? HuffmanTables(ReadOnlySpan<byte> content)
    {
        const string Malformed = "has a malformed Huffman table";
        while (!content.IsEmpty)
        {
            if (content.Length < 17) return Malformed;
            int kind = content[0] >> 4, index = content[0] & 15, symbols = 0;
            foreach (byte ofLength in content[1..17]) symbols += ofLength;
            if (kind > 1 || index > 3 || symbols > 256 || content.Length < 17 + symbols) return Malformed;
            if (!IsPrefixCode(content[1..17]) || (kind == 0 && content.Slice(17, symbols).IndexOfAnyExceptInRange((byte)0, (byte)15) >= 0)) return Malformed;
            if (kind == 0) _dcTables |= 1 << index;
            else _acTables |= 1 << index;
            content = content[(17 + symbols)..];
        }
        return null;
    }

    // T.81, annex C: codes of a length are consecutive, and none may run into the next length's space.
    private static bool IsPrefixCode(ReadOnlySpan<byte> countOfLength)
    {
        int code = 0;
        for (int length = 1; length <= 16; length++)
        {
            code += countOfLength[length - 1];
            if (code > 1 << length) return false;
            code <<= 1;
        }
        return true;
    }
}
