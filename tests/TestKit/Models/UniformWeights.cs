namespace EdgeRuntime.TestKit.Models;

/// <summary>SplitMix64 as a source of weights: fast, and the same on every framework, which System.Random does not promise.</summary>
internal static class UniformWeights
{
    /// <summary>Fills with values uniform in ±<paramref name="range"/>.</summary>
    public static void Fill(Span<float> values, float range, ref ulong state)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = ((Next(ref state) >> 40) * (1f / (1 << 23)) - 1f) * range;
        }
    }

    private static ulong Next(ref ulong state)
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
