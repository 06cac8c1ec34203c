namespace EdgeRuntime.Inference.Specialisation;

/// <summary>
/// Where the weights of a specialised model go: the original tensors first, then the packed blobs, so that cutting the file
/// after the originals leaves the form without packing. What is larger than a page, and every packed blob, starts on a page:
/// ONNX Runtime writes packed blobs unaligned, which silently corrupts kernels that load them with aligned instructions.
/// </summary>
internal sealed class WeightLayout(long sourceLength)
{
    private const long PageSize = 4096, SmallAlignment = 64;
    private readonly Dictionary<Extent, Extent> _tensors = [], _packed = [];
    private readonly List<(Extent From, long To)> _copies = [];
    private long _end;

    /// <summary>What has to be copied, in the order of the new file.</summary>
    public IReadOnlyList<(Extent From, long To)> Copies => _copies;

    /// <summary>The end of the original tensors.</summary>
    public long TensorsEnd { get; private set; }

    public long End => _end;

    /// <summary>Lays out all that a model refers to.</summary>
    public static WeightLayout Of(ReadOnlySpan<byte> model, long sourceLength)
    {
        var layout = new WeightLayout(sourceLength);
        var blobs = new List<Extent>();
        _ = new ExternalDataRewriter(
            (extent, packed) =>
            {
                if (packed) blobs.Add(extent);
                else layout.Add(layout._tensors, extent, extent.Length > PageSize ? PageSize : SmallAlignment);
                return extent;
            },
            "", keepPrepacked: true).Rewrite(model);
        layout.TensorsEnd = layout._end;
        foreach (var blob in blobs) layout.Add(layout._packed, blob, PageSize);
        return layout;
    }

    public Extent Place(Extent extent, bool packed) => (packed ? _packed : _tensors)[extent];

    private void Add(Dictionary<Extent, Extent> placed, Extent extent, long alignment)
    {
        if (extent.Offset < 0 || extent.Length < 0 || extent.Offset > sourceLength - extent.Length)
            throw new InferenceException(InferenceError.ModelInvalid, $"weights at {extent.Offset}+{extent.Length} are outside their file of {sourceLength} bytes");
        if (placed.ContainsKey(extent)) return;
        long start = (_end + alignment - 1) / alignment * alignment;
        placed.Add(extent, extent with { Offset = start });
        _copies.Add((extent, start));
        _end = start + extent.Length;
    }
}
