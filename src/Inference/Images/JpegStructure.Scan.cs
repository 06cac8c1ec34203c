namespace EdgeRuntime.Inference.Images;

internal ref partial struct JpegStructure
{
    private string? Scan(ReadOnlySpan<byte> content)
    {
        const string Malformed = "has a malformed scan";
        if (_componentCount == 0) return "has a scan before its frame";
        if (++_scans > MostScans) return $"has more than {MostScans} scans";
        int count = content.IsEmpty ? 0 : content[0];
        if (count < 1 || count > _componentCount || content.Length != 4 + 2 * count) return Malformed;
        var band = new Band(content[^3], content[^2], content[^1] >> 4, content[^1] & 15);
        if (!(_progressive ? band.IsProgressive(count) : band.IsWhole)) return "has a scan of an unusual spectral band";
        int blocks = 0, seen = 0;
        for (int i = 0; i < count; i++)
        {
            int index = Find(content[1 + 2 * i]);
            if (index < 0 || (seen & (1 << index)) != 0) return Malformed;
            seen |= 1 << index;
            blocks += _components[index].Horizontal * _components[index].Vertical;
            if (!HasTables(_components[index], content[2 + 2 * i], band)) return "has a scan without its tables";
        }
        if (count > 1 && blocks > MostBlocks) return "has too many blocks in a unit";
        _wholeInOneScan = !_progressive && count == _componentCount && _scans == 1;
        return null;
    }

    private readonly int Find(byte id)
    {
        for (int i = 0; i < _componentCount; i++)
        {
            if (_components[i].Id == id) return i;
        }
        return -1;
    }

    private readonly bool HasTables(Component component, byte selectors, Band band)
    {
        int dc = selectors >> 4, ac = selectors & 15;
        if ((_quantizationTables & (1 << component.Quantization)) == 0) return false;
        bool hasDc = dc < 4 && (_dcTables & (1 << dc)) != 0, hasAc = ac < 4 && (_acTables & (1 << ac)) != 0;
        if (!_progressive) return hasDc && hasAc;
        return band.First > 0 ? hasAc : band.ApproximationHigh > 0 || hasDc;
    }

    /// <summary>The coefficients that a scan has, and how many of their low bits are still missing (T.81, G.1.1.1).</summary>
    private readonly record struct Band(int First, int Last, int ApproximationHigh, int ApproximationLow)
    {
        public bool IsWhole => this == new Band(0, 63, 0, 0);

        public bool IsProgressive(int components) =>
            (First == 0 ? Last == 0 : Last >= First && Last <= 63 && components == 1)
            && ApproximationLow <= 13
            && (ApproximationHigh == 0 || ApproximationLow == ApproximationHigh - 1);
    }
}
