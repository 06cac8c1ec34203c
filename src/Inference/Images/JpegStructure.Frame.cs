using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace EdgeRuntime.Inference.Images;

internal ref partial struct JpegStructure
{
    private const int MostComponents = 3;

    private readonly record struct Component(byte Id, int Horizontal, int Vertical, int Quantization);

    [InlineArray(MostComponents)]
    private struct Components
    {
        private Component _first;
    }

    private string? Frame(ReadOnlySpan<byte> content, bool progressive)
    {
        if (_componentCount > 0) return "has two frames";
        if (content.Length < 6 || content[0] != 8) return "has not 8 bits a sample";
        int height = BinaryPrimitives.ReadUInt16BigEndian(content[1..]), width = BinaryPrimitives.ReadUInt16BigEndian(content[3..]);
        if (height is 0 or > LargestSide || width is 0 or > LargestSide) return $"states {width} x {height} pixels";
        int count = content[5];
        // Extensions 0.14 makes room for three bytes a pixel where libjpeg gives one or four, and writes past the end.
        if (count != 3) return $"has {count} colour components; only 3 are supported, so no greyscale and no CMYK";
        if (content.Length != 6 + 3 * count) return "has a malformed frame";
        for (int i = 0; i < count; i++)
        {
            var part = content[(6 + 3 * i)..];
            _components[i] = new Component(part[0], part[1] >> 4, part[1] & 15, part[2]);
        }
        (_componentCount, _progressive) = (count, progressive);
        return CheckComponents();
    }

    private readonly string? CheckComponents()
    {
        int widest = 0, highest = 0;
        for (int i = 0; i < _componentCount; i++)
        {
            var component = _components[i];
            if (component.Horizontal is < 1 or > 4 || component.Vertical is < 1 or > 4 || component.Quantization > 3) return "has a malformed component";
            for (int j = 0; j < i; j++)
            {
                if (_components[j].Id == component.Id) return "has two components of one name";
            }
            (widest, highest) = (Math.Max(widest, component.Horizontal), Math.Max(highest, component.Vertical));
        }
        for (int i = 0; i < _componentCount; i++)
        {
            if (widest % _components[i].Horizontal != 0 || highest % _components[i].Vertical != 0) return "has a fractional sampling factor";
        }
        return null;
    }
}
