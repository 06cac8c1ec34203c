using EdgeRuntime.Inference;
using EdgeRuntime.Packaging.Data;
using EdgeRuntime.Packaging.Evaluation;

namespace EdgeRuntime.Packaging.Gate;

/// <summary>
/// Times two models on one sample in interleaved pairs, the order changing from pair to pair: what else the machine does meets both alike, and
/// the median of the pairs' ratios forgets the pairs that it did not.
/// </summary>
internal sealed class PairedTiming(Sample sample, TimeProvider time, CancellationToken cancel)
{
    public const int Pairs = 9;
    private const int Decimals = 4;

    /// <summary>Of one side of a pair: shorter ones measure the clock.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(20);

    public SpeedComparison Compare(PlainModel parent, PlainModel variant)
    {
        using RunContext first = parent.CreateContext(), second = variant.CreateContext();
        int firstRuns = RunsFor(first, parent), secondRuns = RunsFor(second, variant);
        var (parents, variants) = (new double[Pairs], new double[Pairs]);
        for (var pair = 0; pair < Pairs; pair++)
        {
            if (pair % 2 == 0) parents[pair] = Time(first, parent, firstRuns);
            variants[pair] = Time(second, variant, secondRuns);
            if (pair % 2 != 0) parents[pair] = Time(first, parent, firstRuns);
        }
        return new SpeedComparison
        {
            ParentMilliseconds = Median(parents),
            Milliseconds = Median(variants),
            Speedup = Median([.. parents.Zip(variants, (slow, fast) => slow / fast)]),
            Pairs = Pairs,
        };
    }

    /// <summary>The first run is not counted: it makes buffers.</summary>
    private int RunsFor(RunContext context, PlainModel model)
    {
        SampleRun.On(context, model, sample, cancel);
        return Math.Max(1, (int)Math.Ceiling(Shortest.TotalMilliseconds / Math.Max(0.001, Time(context, model, 1))));
    }

    /// <summary>Milliseconds of one run.</summary>
    private double Time(RunContext context, PlainModel model, int runs)
    {
        var start = time.GetTimestamp();
        for (var i = 0; i < runs; i++) SampleRun.On(context, model, sample, cancel);
        return time.GetElapsedTime(start).TotalMilliseconds / runs;
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return Math.Round(values[values.Length / 2], Decimals);
    }
}
