namespace EdgeRuntime.Serving.Tracing;

/// <summary>Ids of traces and spans, never zero: SplitMix64 (Steele, Lea, Flood 2014) over a counter. Thread-safe, and nothing to guess secrets from.</summary>
internal sealed class TraceIds(Random chance)
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    private ulong _state = unchecked((ulong)chance.NextInt64(long.MinValue, long.MaxValue));

    public ulong Next()
    {
        ulong id;
        do id = Mix(Interlocked.Add(ref _state, Golden));
        while (id == 0);
        return id;
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
