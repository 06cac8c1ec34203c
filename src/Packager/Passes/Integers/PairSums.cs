namespace EdgeRuntime.Packaging.Passes.Integers;

// -32768 <= x1 w1 + x2 w2 <= 32767 for all x in 0..255  <=>  |w1 + w2| <= 128 where both have one sign; of two signs, any pair fits
/// <summary>What the pairs of a column can come to where products are added in 16 bits (vpmaddubsw).</summary>
internal static class PairSums
{
    /// <summary>Of a pair: 255 times it fits 16 bits.</summary>
    public const int Limit = 128;

    /// <summary>The largest magnitude that any input gives a pair, in units of the input.</summary>
    /// <param name="column">In the kernel's order.</param>
    public static int Worst(ReadOnlySpan<sbyte> column)
    {
        var worst = 0;
        for (var at = 0; at < column.Length; at += 2)
        {
            int one = column[at], other = at + 1 < column.Length ? column[at + 1] : 0;
            worst = Math.Max(worst, Math.Max(Math.Max(one, 0) + Math.Max(other, 0), -(Math.Min(one, 0) + Math.Min(other, 0))));
        }
        return worst;
    }
}
