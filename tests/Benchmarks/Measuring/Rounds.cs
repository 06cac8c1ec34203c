namespace EdgeRuntime.Benchmarks.Measuring;

/// <summary>Runs candidates in turn, so that each round's noise falls on all of them.</summary>
internal static class Rounds
{
    /// <summary>Milliseconds of each candidate, a list each; one further round before does not count.</summary>
    public static async Task<IReadOnlyList<double[]>> RunAsync(int count, params Func<Task<double>>[] candidates)
    {
        var times = candidates.Select(_ => new List<double>()).ToArray();
        foreach (var candidate in candidates) await candidate();
        for (var round = 0; round < count; round++)
        {
            for (var i = 0; i < candidates.Length; i++) times[i].Add(await candidates[i]());
        }
        return [.. times.Select(list => list.ToArray())];
    }
}
