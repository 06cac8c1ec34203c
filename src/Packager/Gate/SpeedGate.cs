using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Packaging.Measurement;
using EdgeRuntime.Packaging.Variants;

namespace EdgeRuntime.Packaging.Gate;

/// <summary>
/// Refuses variants that are not worth their loss: those for speed must be faster than the parent, those for size smaller and not much slower.
/// Decides by a file of measurements where there is one, so that the same file gives the same bundle.
/// </summary>
/// <param name="parent">The fp32 model on one thread.</param>
/// <param name="parentBytes">Size of its files.</param>
/// <param name="targets">The bundle's.</param>
/// <param name="timing">Compares on this machine.</param>
/// <param name="known">Figures of an earlier build; null to measure.</param>
internal sealed class SpeedGate(PlainModel parent, ByteCount parentBytes, IReadOnlyList<Target> targets, PairedTiming timing, KnownSpeeds? known)
{
    /// <returns>Null where it is not of a precision that is timed, or this machine is of no target's kind.</returns>
    public SpeedComparison? Compare(MadeVariant made, PlainModel variant)
    {
        if (SpeedRule.For(made.Recipe.Precision) is null) return null;
        if (known is not null) return known.Of(made);
        return IsForThisMachine(made.Recipe.Target) ? timing.Compare(parent, variant) : null;
    }

    /// <returns>Why the variant is left out; null where it may stay.</returns>
    public string? Refusal(MadeVariant made, SpeedComparison? speed)
    {
        if (SpeedRule.For(made.Recipe.Precision) is not { } rule) return null;
        if (rule.MostOfParentBytes is { } share && made.Bytes.Bytes > share * parentBytes.Bytes)
            return $"{made.Bytes} are {(double)made.Bytes.Bytes / parentBytes.Bytes:f2} of fp32's {parentBytes}, over the {share:f2} that {made.Recipe.Precision} must save to be worth it";
        if (speed is null || speed.Speedup >= rule.LeastSpeedup) return null;
        return $"{speed.Milliseconds:f3} ms against fp32's {speed.ParentMilliseconds:f3} ms (one thread, median of {speed.Pairs} pairs) is {speed.Speedup:f2} x its speed, below the {rule.LeastSpeedup:f2} x that {made.Recipe.Precision} must reach";
    }

    private bool IsForThisMachine(Target? only) => (only is null ? targets : [only])
        .Any(target => target.ExecutionProviders is [ExecutionOptions.Cpu, ..] && MachineKind.Refusal(target) is null);
}

/// <summary>What a precision is for.</summary>
/// <param name="LeastSpeedup">Against the fp32 parent, one thread.</param>
/// <param name="MostOfParentBytes">Null where size is not the point.</param>
internal sealed record SpeedRule(double LeastSpeedup, double? MostOfParentBytes)
{
    private static readonly Dictionary<string, SpeedRule> Rules = new(StringComparer.Ordinal)
    {
        [VariantLadder.Int8] = new(1.05, null),
        [VariantLadder.Int8Dynamic] = new(1.05, null),
        [VariantLadder.Int4Weights] = new(0.8, 0.8), // for small disks and slow links: a fifth of the speed is what that may cost
    };

    /// <summary>Null where neither is asked: fp16 on a CPU saves bytes, and accelerators are not timed here.</summary>
    public static SpeedRule? For(string precision) => Rules.GetValueOrDefault(precision);
}

/// <summary>Comparisons out of a file of measurements.</summary>
internal sealed record KnownSpeeds(MeasuredFile File, string Origin)
{
    public SpeedComparison? Of(MadeVariant made) => File.Of(made.Recipe.Id, made.Digest, Origin).Comparison;
}
