namespace EdgeRuntime.Serving.Scheduling;

// A run that took many times as long as such runs do: the machine did something else for a moment, or everything is that slow from now on. The next run tells.
// To believe the first one would refuse all whose deadline is shorter, and from refusals nothing is learned.
internal sealed partial class LaneForecast
{
    private const double MostBelieved = 2; // times what was expected

    private double _slower = 1; // the last run than was expected of it

    // What a run is taken to have been: no more than twice what was expected, unless the one before was as slow.
    private long Believed(RungForecast rung, int rows, long duration)
    {
        double expected = rung.Costs.Knows(rows) ? Typical(_runRung, rows) : 0;
        if (expected <= 0) return duration;
        double slower = duration / expected, most = Math.Max(MostBelieved, _slower);
        _slower = slower;
        return slower <= most ? duration : (long)(most * expected);
    }
}
