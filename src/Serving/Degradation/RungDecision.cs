namespace EdgeRuntime.Serving.Degradation;

/// <summary>The choice of a rung for a run that begins, with all that it was made from, so that it can be made again.</summary>
/// <param name="Ids">The variants that were open, best first.</param>
/// <param name="Rungs">What was known of them.</param>
/// <param name="Waiting">What was promised beyond this run, by deadline.</param>
/// <param name="Pace">The device's.</param>
/// <param name="Coming">How full the schedule was at the least, by what was asked for.</param>
/// <param name="Left">Seconds until the tightest deadline among those that share the run.</param>
/// <param name="Cap">The place of the best rung that might be used.</param>
/// <param name="Floor">The least quality of the run's first request.</param>
/// <param name="Chosen">The place of the rung that was taken; negative where none met the floor.</param>
internal sealed record RungDecision(IReadOnlyList<string> Ids, IReadOnlyList<Rung> Rungs, IReadOnlyList<Promise> Waiting, Pace Pace, double Coming, double Left, int Cap, double Floor, int Chosen)
{
    /// <summary>What is chosen from the same, again.</summary>
    public int Decide() => RungChoice.Decide(new Ladder(Rungs), Schedule([.. Waiting]), Left, Cap, Floor);

    /// <summary>What a rung was worth at the price of that moment, in quality.</summary>
    public double Worth(int place)
    {
        var ladder = new Ladder(Rungs);
        return ladder.Worth(place, ladder.Price(Schedule([.. Waiting]).Fullness));
    }

    /// <summary>Whether all promises were kept with a run of that rung.</summary>
    public bool IsSafe(int place) => Schedule([.. Waiting]).FitsFirst(Rungs[place].Seconds, Left);

    private Schedule Schedule(ReadOnlySpan<Promise> waiting) => new(waiting, 0, Pace, RungChoice.Caution, Coming);
}
