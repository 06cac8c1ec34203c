using EdgeRuntime.Inference.Cache;

namespace EdgeRuntime.Inference.Specialisation;

/// <summary>
/// Times forms against a reference in interleaved rounds: each form's ratio is the median of the rounds' ratios, so that a
/// neighbour who slows a whole round down does not decide.
/// </summary>
internal sealed class FormMeasurement(TimeProvider time, CancellationToken cancel)
{
    private const int FewestRounds = 7, MostRounds = 51;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>Run times of each, one list per context, in rounds.</summary>
    public IReadOnlyList<double[]> Rounds(IReadOnlyList<RunContext> contexts)
    {
        var times = contexts.Select(_ => new List<double>()).ToArray();
        foreach (var context in contexts) _ = Milliseconds(context); // the first run pages weights in
        long start = time.GetTimestamp();
        for (int round = 0; round < MostRounds && (round < FewestRounds || time.GetElapsedTime(start) < Patience); round++)
        {
            cancel.ThrowIfCancellationRequested();
            for (int i = 0; i < contexts.Count; i++) times[i].Add(Milliseconds(contexts[i]));
        }
        return [.. times.Select(list => list.ToArray())];
    }

    public static double MedianRatio(double[] values, double[] reference) => Median([.. values.Zip(reference, (value, against) => value / against)]);

    public static double Median(double[] values)
    {
        Array.Sort(values = [.. values]);
        return values[values.Length / 2];
    }

    private double Milliseconds(RunContext context)
    {
        long start = time.GetTimestamp();
        if (context.Run(Timeout.InfiniteTimeSpan, cancel) != RunOutcome.Completed) throw new OperationCanceledException(cancel);
        return time.GetElapsedTime(start).TotalMilliseconds;
    }
}

/// <summary>Which form is worth it.</summary>
internal static class FormChoice
{
    /// <summary>A form this close to the fastest counts as as fast.</summary>
    public const double AsFast = 1.03;

    /// <summary>
    /// Private memory of the whole model is only worth it for more than this: a mapped form runs the same kernels on the
    /// same numbers, so less is most likely noise.
    /// </summary>
    public const double WorthPrivateMemory = 1.10;

    private const long MemoryStep = 8 << 20; // differences below it are noise

    /// <summary>The form of least private memory among the fastest of those that are mapped; plain where none comes near it.</summary>
    public static SessionForm Choose(IReadOnlyList<FormRecord> measured)
    {
        var mapped = measured.Where(form => form.Form != SessionForm.Plain).ToList();
        if (mapped.Count == 0) return SessionForm.Plain;
        double best = mapped.Min(form => form.RatioToPlain);
        if (best > WorthPrivateMemory) return SessionForm.Plain;
        return mapped.Where(form => form.RatioToPlain <= best * AsFast)
            .OrderBy(form => form.AnonymousBytes / MemoryStep)
            .ThenBy(form => form.Form)
            .First().Form;
    }
}
