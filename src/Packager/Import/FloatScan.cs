using System.Runtime.InteropServices;
using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.Packaging.Import;

/// <summary>What a look through all elements of a float tensor finds; a block of it is in memory at a time.</summary>
/// <param name="Largest">The largest magnitude, infinity included.</param>
internal readonly record struct FloatScan(long Count, long NotNumbers, double Largest)
{
    private const int Block = 1 << 18;

    public static bool Reads(int dataType) => (DataType)dataType is DataType.Float or DataType.Double or DataType.Float16;

    public static FloatScan Of(TensorContent content, int dataType)
    {
        var scan = new FloatScan();
        using var stream = content.Open();
        var buffer = new byte[(int)Math.Min(Block, Math.Max(content.Length, sizeof(double)))];
        for (int count; (count = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)) > 0;)
            scan = (DataType)dataType switch
            {
                _ when !buffer.AsSpan(0, count).ContainsAnyExcept((byte)0) => scan with { Count = scan.Count + count / TensorBytes.ElementSize(dataType) },
                DataType.Float => scan.With(MemoryMarshal.Cast<byte, float>(buffer.AsSpan(0, count))),
                DataType.Double => scan.With(MemoryMarshal.Cast<byte, double>(buffer.AsSpan(0, count))),
                _ => scan.With(MemoryMarshal.Cast<byte, Half>(buffer.AsSpan(0, count))),
            };
        return scan;
    }

    private FloatScan With(ReadOnlySpan<float> values)
    {
        long bad = NotNumbers;
        float largest = 0;
        foreach (var value in values)
        {
            if (float.IsNaN(value)) bad++;
            else largest = MathF.Max(largest, MathF.Abs(value));
        }
        return new FloatScan(Count + values.Length, bad, Math.Max(Largest, largest));
    }

    private FloatScan With(ReadOnlySpan<double> values)
    {
        var (bad, largest) = (NotNumbers, Largest);
        foreach (var value in values)
        {
            if (double.IsNaN(value)) bad++;
            else largest = Math.Max(largest, Math.Abs(value));
        }
        return new FloatScan(Count + values.Length, bad, largest);
    }

    private FloatScan With(ReadOnlySpan<Half> values)
    {
        var (bad, largest) = (NotNumbers, Largest);
        foreach (var value in values)
        {
            if (Half.IsNaN(value)) bad++;
            else largest = Math.Max(largest, (double)Half.Abs(value));
        }
        return new FloatScan(Count + values.Length, bad, largest);
    }
}
