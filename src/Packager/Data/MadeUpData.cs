using EdgeRuntime.Bundles;

namespace EdgeRuntime.Packaging.Data;

/// <summary>
/// Inputs out of a fixed sequence, where no data is given: floats between -1 and 1, whole numbers 0 or 1, which are valid indices of most things.
/// The outermost axis is the batch of 1; another that varies is as wide as the middle one of its buckets, or 64.
/// </summary>
internal sealed class MadeUpData(IReadOnlyList<TensorSpec> inputs, int count) : IEvaluationData, ISampleReader
{
    private const long UsualSize = 64, MaximumBytes = 1 << 30;

    public int Count => count;

    public ISampleReader OpenReader() => this;

    public Sample Read(int index) =>
        new($"made-up input {index}", [.. inputs.Select((input, place) => Fill(input, new SplitMix((ulong)index * 1000 + (ulong)place)))], default);

    public void Dispose()
    {
    }

    private static NamedArray Fill(TensorSpec input, SplitMix random)
    {
        long[] shape = [.. input.Shape.Select((size, axis) => size >= 0 ? size : Guess(input, axis))];
        var size = input.Type.Size();
        var bytes = shape.Aggregate((UInt128)size, (product, length) => product * (UInt128)length);
        if (size == 0 || bytes > MaximumBytes) throw new PackagerException($"no input can be made up for {input}: give samples with --evaluate");
        var data = new byte[(long)bytes];
        for (var at = 0; at < data.Length; at += size) Write(data.AsSpan(at, size), input.Type, 2 * random.NextUnit() - 1);
        return new NamedArray(input.Name, input.Type, shape, data);
    }

    private static long Guess(TensorSpec input, int axis) =>
        input.Padding is { } padding && padding.Axis == axis ? padding.Buckets[padding.Buckets.Count / 2] : axis == 0 ? 1 : UsualSize;

    private static void Write(Span<byte> element, ElementType type, double value)
    {
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
