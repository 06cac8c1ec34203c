namespace EdgeRuntime.Packaging.Passes.Integers;

// w_kn ~ scale_n q_kn,  scale_n = max_k |w_kn| / 127;  max_k |w_kn| / 64 where the products of a pair could leave 16 bits
/// <summary>
/// A matrix in signed bytes, symmetric, one scale a column. Without VNNI, x86 adds the products of rows 2i and 2i+1 in 16 bits (vpmaddubsw) and
/// saturates: 255 (|q1| + |q2|) fits where |q1| + |q2| is at most 128, which 7 bits always keep.
/// </summary>
/// <param name="Values">[depth, columns].</param>
/// <param name="Scales">One a column.</param>
/// <param name="Narrow">Columns that got 7 bits.</param>
internal sealed record ByteColumns(sbyte[] Values, float[] Scales, int Narrow)
{
    public const int Full = 127, PairLimit = 128, Half = 64;

    /// <param name="weights">[columns, depth].</param>
    /// <param name="depth">Of a column.</param>
    /// <param name="pairsMustFit">Whether the target adds pairs of products in 16 bits.</param>
    public static ByteColumns Of(float[] weights, int depth, bool pairsMustFit)
    {
        var columns = weights.Length / depth;
        var (values, scales, narrow) = (new sbyte[weights.Length], new float[columns], 0);
        var column = new sbyte[depth];
        for (var n = 0; n < columns; n++)
        {
            var source = weights.AsSpan(n * depth, depth);
            scales[n] = Round(source, column, Full);
            if (pairsMustFit && Saturates(column))
            {
                scales[n] = Round(source, column, Half);
                narrow++;
            }
            for (var k = 0; k < depth; k++) values[k * columns + n] = column[k];
        }
        return new ByteColumns(values, scales, narrow);
    }

    /// <summary>Whether some input of unsigned bytes makes the sum of a pair's products leave 16 bits.</summary>
    public static bool Saturates(ReadOnlySpan<sbyte> column)
    {
        for (var k = 0; k + 1 < column.Length; k += 2)
            if (Math.Abs((int)column[k]) + Math.Abs((int)column[k + 1]) > PairLimit) return true;
        return false;
    }

    private static float Round(ReadOnlySpan<float> source, Span<sbyte> target, int limit)
    {
        var largest = 0f;
        foreach (var value in source) largest = MathF.Max(largest, MathF.Abs(value));
        var scale = largest > 0 ? largest / limit : 1;
        for (var i = 0; i < source.Length; i++) target[i] = (sbyte)Math.Clamp(MathF.Round(source[i] / scale), -limit, limit);
        return scale;
    }
}
