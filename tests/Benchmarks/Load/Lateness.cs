namespace EdgeRuntime.Benchmarks.Load;

/// <summary>What was accepted and came too late, in words.</summary>
internal static class Lateness
{
    private const int Most = 8;

    /// <summary>By how much, where the time went, and when the first of them were sent; empty where none was late.</summary>
    public static string Describe(params IReadOnlyList<LoadResult> results)
    {
        var late = results.SelectMany(result => result.LateMilliseconds).ToList();
        if (late.Count == 0) return "";
        var (by, way) = (new LatencySamples(late.Select(one => one.Late)), new LatencySamples(late.Select(one => one.OnTheWay)));
        return $"; {late.Count(one => !one.IsOk)} of them were dropped; late by {by.Median:0.0} ms in the median and {by.Highest:0.0} at most, "
            + $"of which {way.Median:0.0} and {way.Highest:0.0} ms outside the runtime; sent {string.Join(", ", late.Take(Most).Select(one => $"{one.At / 1e3:0.00}"))} s after the begin";
    }
}
