namespace EdgeRuntime.Packaging.Data;

/// <summary>SplitMix64 (Steele et al. 2014): the same numbers from the same seed on every framework, which System.Random does not promise.</summary>
internal sealed class SplitMix(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>From 0 to below 1.</summary>
    public double NextUnit() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>From 0 to below <paramref name="limit"/>, which is far below 2^64.</summary>
    public int NextBelow(int limit) => (int)(Next() % (ulong)limit);
}
