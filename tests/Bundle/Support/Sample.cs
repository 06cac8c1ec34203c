namespace EdgeRuntime.Bundles.Tests.Support;

/// <summary>How much of a space is tried: all of it with EDGE_FULL=1, else a seeded sample.</summary>
internal static class Sample
{
    public static bool Full { get; } = Environment.GetEnvironmentVariable("EDGE_FULL") == "1";

    public static T[] Of<T>(T[] all, Random chance, int count)
    {
        if (Full) return all;
        chance.Shuffle(all);
        return all[..Math.Min(count, all.Length)];
    }
}
