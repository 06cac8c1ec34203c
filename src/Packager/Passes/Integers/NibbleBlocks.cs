namespace EdgeRuntime.Packaging.Passes.Integers;

// w ~ scale_b (q - zero_b),  q and zero_b of 0 .. 2^bits - 1, one pair (scale_b, zero_b) for each block of a column
/// <summary>
/// A matrix in 4 or 8 bits, in blocks along its columns. Of a block's range and ever narrower ones, that is taken whose squared error is least:
/// a few large weights may be cut for the sake of the rest. The layout is that of ONNX Runtime's MatMulNBits.
/// </summary>
internal sealed class NibbleBlocks
{
    private const int NarrowSteps = 8;
    private const float Narrowing = 0.05f;

    private readonly int _bits, _size;

    private NibbleBlocks(int bits, int size, int depth, int columns)
    {
        (_bits, _size, Columns, Depth) = (bits, size, columns, depth);
        Blocks = (depth + size - 1) / size;
        Bytes = new byte[(long)columns * Blocks * BytesPerBlock];
        Scales = new float[columns * Blocks];
        Zeros = new byte[columns * ZerosPerColumn];
    }

    public int Depth { get; }

    public int Columns { get; }

    /// <summary>Of a column.</summary>
    public int Blocks { get; }

    public int BytesPerBlock => _size * _bits / 8;

    /// <summary>Bytes of the zero points of a column.</summary>
    public int ZerosPerColumn => (Blocks * _bits + 7) / 8;

    /// <summary>[columns, blocks, bytes of a block]; the first weight of a byte is its low half.</summary>
    public byte[] Bytes { get; }

    /// <summary>[columns, blocks].</summary>
    public float[] Scales { get; }

    /// <summary>[columns, bytes of a column], packed as the weights are.</summary>
    public byte[] Zeros { get; }

    /// <param name="weights">[columns, depth].</param>
    /// <param name="depth">Of a column.</param>
    /// <param name="bits">4 or 8.</param>
    /// <param name="size">Of a block: a power of two from 16.</param>
    public static NibbleBlocks Of(float[] weights, int depth, int bits, int size)
    {
        var blocks = new NibbleBlocks(bits, size, depth, weights.Length / depth);
        Parallel.For(0, blocks.Columns, column => blocks.Fill(column, weights.AsSpan(column * depth, depth)));
        return blocks;
    }

    /// <summary>The weights as they will be computed with, [columns, depth].</summary>
    public float[] Restored()
    {
        var values = new float[Columns * Depth];
        for (var column = 0; column < Columns; column++)
            for (var k = 0; k < Depth; k++)
            {
                var block = column * Blocks + k / _size;
                values[column * Depth + k] = Scales[block] * (Element(Bytes, block * BytesPerBlock, k % _size) - Element(Zeros, column * ZerosPerColumn, k / _size));
            }
        return values;
    }

    private void Fill(int column, ReadOnlySpan<float> weights)
    {
        for (var b = 0; b < Blocks; b++)
        {
            var block = weights[(b * _size)..Math.Min(Depth, (b + 1) * _size)];
            var (scale, zero) = Best(block);
            Scales[column * Blocks + b] = scale;
            Put(Zeros, column * ZerosPerColumn, b, zero);
            for (var i = 0; i < _size; i++) Put(Bytes, (column * Blocks + b) * BytesPerBlock, i, i < block.Length ? Level(block[i], scale, zero) : zero);
        }
    }

    private (float Scale, int Zero) Best(ReadOnlySpan<float> block)
    {
        float low = 0, high = 0; // 0 is always exact: padding and pruned weights are
        foreach (var value in block) (low, high) = (MathF.Min(low, value), MathF.Max(high, value));
        if (low == high) return (1, 0);
        var (best, least) = ((Scale: 1f, Zero: 0), double.PositiveInfinity);
        for (var step = 0; step < NarrowSteps; step++)
        {
            var width = (high - low) * (1 - step * Narrowing);
            var scale = width / Largest;
            var zero = (int)Math.Clamp(MathF.Round(-low / (high - low) * Largest), 0, Largest);
            var error = Error(block, scale, zero);
            if (error < least) (best, least) = ((scale, zero), error);
        }
        return best;
    }

    private double Error(ReadOnlySpan<float> block, float scale, int zero)
    {
        double sum = 0;
        foreach (var value in block)
        {
            double difference = value - scale * (Level(value, scale, zero) - zero);
            sum += difference * difference;
        }
        return sum;
    }

    private int Largest => (1 << _bits) - 1;

    private int Level(float value, float scale, int zero) => (int)Math.Clamp(MathF.Round(value / scale) + zero, 0, Largest);

    private void Put(byte[] bytes, int from, int index, int level)
    {
        if (_bits == 8) bytes[from + index] = (byte)level;
        else bytes[from + index / 2] |= (byte)(level << (index % 2 * 4));
    }

    private int Element(byte[] bytes, int from, int index) => _bits == 8 ? bytes[from + index] : (bytes[from + index / 2] >> (index % 2 * 4)) & 15;
}
