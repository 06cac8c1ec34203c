namespace EdgeRuntime.Packaging.Passes.Integers;

// w_kn ~ scale_n q_kn,  scale_n = max_k |w_kn| / 127, or wider until every pair of products fits 16 bits
/// <summary>
/// A matrix in signed bytes, symmetric, one scale a column. Without VNNI, x86 adds the products of rows 2i and 2i+1 in 16 bits (vpmaddubsw) and
/// saturates. Inputs are 0 to 255: a pair of one sign fits where its sum is at most 128, a pair of two signs always does. Where a pair does not
/// fit, the column's scale grows by as little as makes it fit; a limit of 64 would always do, at a whole bit for the column.
/// </summary>
/// <param name="Values">[depth, columns].</param>
/// <param name="Scales">One a column.</param>
/// <param name="Narrow">Columns that got less than 8 bits.</param>
internal sealed record ByteColumns(sbyte[] Values, float[] Scales, int Narrow)
{
    public const int Full = 127, Half = 64;

    private const int MostTries = 64;
    private const float Wider = 1 + 1f / 256;

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
            var full = Largest(source) is > 0 and var largest ? largest / Full : 1;
            scales[n] = pairsMustFit ? Fitting(source, column, full) : full;
            if (scales[n] > full) narrow++;
            Round(source, column, scales[n]);
            for (var k = 0; k < depth; k++) values[k * columns + n] = column[k];
        }
        return new ByteColumns(values, scales, narrow);
    }

    /// <summary>The least scale, from <paramref name="full"/> on and in small steps, at which every pair fits.</summary>
    private static float Fitting(ReadOnlySpan<float> source, Span<sbyte> column, float full)
    {
        var scale = MathF.Max(full, WorstPair(source) / (PairSums.Limit + 1)); // rounding adds at most one to a pair, and takes at most one away
        for (var tries = 0; tries < MostTries; tries++, scale *= Wider)
        {
            Round(source, column, scale);
            if (PairSums.Worst(column) <= PairSums.Limit) return scale;
        }
        return MathF.Max(scale, full * Full / Half);
    }

    private static float WorstPair(ReadOnlySpan<float> source)
    {
        var worst = 0f;
        for (var k = 0; k + 1 < source.Length; k += 2)
            if (source[k] > 0 == source[k + 1] > 0) worst = MathF.Max(worst, MathF.Abs(source[k] + source[k + 1]));
        return worst;
    }

    private static float Largest(ReadOnlySpan<float> source)
    {
        var largest = 0f;
        foreach (var value in source) largest = MathF.Max(largest, MathF.Abs(value));
        return largest;
    }

    private static void Round(ReadOnlySpan<float> source, Span<sbyte> target, float scale)
    {
        for (var i = 0; i < source.Length; i++) target[i] = (sbyte)Math.Clamp(MathF.Round(source[i] / scale), -Full, Full);
    }
}
