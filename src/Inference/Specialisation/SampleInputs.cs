using EdgeRuntime.Bundles;
using EdgeRuntime.Inference.Serving;

namespace EdgeRuntime.Inference.Specialisation;

/// <summary>One value for each input, to compare and time forms with.</summary>
internal sealed record SampleInputs(IReadOnlyList<SampleInputs.Tensor> Tensors)
{
    public sealed record Tensor(byte[] Data, long[] Shape);

    /// <summary>The bundle's first golden vector, or made up where it has none.</summary>
    public static SampleInputs Of(InstalledBundle bundle)
    {
        var inputs = bundle.Manifest.Inputs;
        if (bundle.Manifest.Golden.Count == 0) return MadeUp(inputs);
        string entry = bundle.Manifest.Golden[0].Inputs;
        var arrays = GoldenArrays.Read(bundle, entry);
        return new SampleInputs([.. inputs.Select(input => arrays.Named(input.Name, entry)).Select(array => new Tensor(array.Data, array.Shape))]);
    }

    /// <summary>Seeded values between -1 and 1 for floats, 0 or 1 for integers, which are valid indices of most things.</summary>
    public static SampleInputs MadeUp(IReadOnlyList<TensorSpec> inputs)
    {
        var random = new Random(1);
        return new SampleInputs([.. inputs.Select(input => MadeUp(input, random))]);
    }

    public void Bind(RunContext context)
    {
        for (int i = 0; i < Tensors.Count; i++) context.BindInput(i, Tensors[i].Data, Tensors[i].Shape);
    }

    private static Tensor MadeUp(TensorSpec input, Random random)
    {
        long[] shape = [.. input.Shape.Select((size, axis) => size >= 0 ? size : Guess(input, axis))];
        long bytes = TensorSize.Of(input.Type, shape);
        if (bytes < 0) throw new InferenceException(InferenceError.ShapeMismatch, $"no sample can be made of input '{input.Name}' of shape [{string.Join(',', shape)}]");
        int size = TensorSize.OfElement(input.Type);
        var data = new byte[bytes];
        for (int at = 0; at < data.Length; at += size) Fill(data.AsSpan(at, size), input.Type, random);
        return new Tensor(data, shape);
    }

    // The outermost axis is the batch; a padded axis is as wide as its smallest bucket; for others 64 is a usual size.
    private static long Guess(TensorSpec input, int axis)
    {
        if (input.Padding is { Buckets.Count: > 0 } padding && padding.Axis == axis) return padding.Buckets[0];
        return axis == 0 ? 1 : 64;
    }

    private static void Fill(Span<byte> element, ElementType type, Random random)
    {
        double value = 2 * random.NextDouble() - 1;
        switch (type)
        {
            case ElementType.Float32: BitConverter.TryWriteBytes(element, (float)value); break;
            case ElementType.Float64: BitConverter.TryWriteBytes(element, value); break;
            case ElementType.Float16: BitConverter.TryWriteBytes(element, (Half)value); break;
            case ElementType.BFloat16: BitConverter.TryWriteBytes(element, (ushort)(BitConverter.SingleToUInt32Bits((float)value) >> 16)); break;
            default: element[0] = (byte)(value > 0 ? 1 : 0); break;
        }
    }
}
