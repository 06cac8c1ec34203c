namespace EdgeRuntime.Serving.Degradation;

/// <summary>
/// How much of the device is asked for, each request counted at its shortest run: 1 is as much as it can do. An empty queue says nothing of what comes in the
/// next moment, and a long run is in its way. In seconds. A value: whoever holds it guards it.
/// </summary>
internal struct OfferedLoad
{
    private const double Memory = 2; // seconds
    private const double Easy = 0.7, Full = 1; // where long runs are in nobody's way, and where all are
    private const double Most = 1.2 / Ladder.Excess; // above the fullness from which the shortest run is taken

    private const double Crowded = 1.2, Twofold = 2;

    private double _work, _at;

    /// <summary>A request came that takes so long at the least.</summary>
    public void Add(double now, double seconds) => (_work, _at) = (Left(now) + seconds, now);

    /// <summary>What is asked for at present, as a part of what the device can do.</summary>
    public readonly double Value(double now) => Left(now) / Memory;

    /// <summary>How full a schedule is to be taken for at the least, see <see cref="Schedule.Fullness"/>.</summary>
    public readonly double Fullness(double now) => Most * Math.Clamp((Value(now) - Easy) / (Full - Easy), 0, 1);

    /// <summary>
    /// How little it costs to refuse one: 0 where the device can do about what is asked for, 1 where it is twice as much and another takes the place of
    /// whoever is refused.
    /// </summary>
    public readonly double Surplus(double now) => Math.Clamp((Value(now) - Crowded) / (Twofold - Crowded), 0, 1);

    private readonly double Left(double now) => _work * Math.Exp((_at - now) / Memory);
}
