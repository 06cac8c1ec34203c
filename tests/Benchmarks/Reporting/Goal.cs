namespace EdgeRuntime.Benchmarks.Reporting;

/// <summary>What a figure ought to be; most ought to be at most something.</summary>
internal readonly record struct Goal(double Limit, bool AtLeast = false)
{
    public static Goal AtMost(double limit) => new(limit);

    public static Goal NoLessThan(double limit) => new(limit, AtLeast: true);

    public bool IsMetBy(double value) => AtLeast ? value >= Limit : value <= Limit;
}
