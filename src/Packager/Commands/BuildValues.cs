using System.Globalization;
using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Building;
using EdgeRuntime.Packaging.Calibration.Ranges;
using EdgeRuntime.Packaging.Evaluation;
using EdgeRuntime.Packaging.Quantization.Tuning;
using EdgeRuntime.Packaging.Variants;

namespace EdgeRuntime.Packaging.Commands;

/// <summary>Reads the values of <c>build</c>'s options; each error names the option, the value and what is allowed.</summary>
internal static class BuildValues
{
    private const int VersionParts = 3, MaximumBuckets = 256;
    private const long PartLimit = 1_000_000;

    public static string Name(string text) => Identifier.IsValid(text) ? text : throw NotAnIdentifier("--name", text);

    public static string Version(string text) => Identifier.IsValid(text) ? text : throw NotAnIdentifier("--version", text);

    /// <summary>What was given; else MAJOR.MINOR.PATCH as one number that grows with the version.</summary>
    public static long Sequence(long? given, string version)
    {
        if (given is { } sequence) return sequence >= 0 ? sequence : throw new UsageException($"--sequence {sequence} is negative");
        var parts = version.Split('.');
        long number = 0;
        for (var i = 0; i < VersionParts; i++)
        {
            var part = 0;
            var fits = i >= parts.Length || int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out part) && part < PartLimit;
            if (!fits || parts.Length > VersionParts) throw new UsageException($"--version '{version}' is not up to {VersionParts} numbers below {PartLimit}: give --sequence");
            number = number * PartLimit + part;
        }
        return number;
    }

    public static IReadOnlyList<Target> Targets(string text)
    {
        var targets = Lists.Of("--target", text).Select(Target).ToList();
        return targets.DistinctBy(target => target.Name).Count() == targets.Count ? targets : throw new UsageException($"--target {text} names a target twice");
    }

    public static string Metric(string? given, string? data)
    {
        if (given is null) return data is null ? CosineMetric.MetricName : throw new UsageException($"--evaluate goes with --metric {string.Join(" | ", Metrics.Names)}");
        if (!Metrics.Names.Contains(given)) throw new UsageException($"--metric '{Identifier.Quote(given)}' is none of {string.Join(", ", Metrics.Names)}");
        return data is not null || given == CosineMetric.MetricName ? given : throw new UsageException($"--metric {given} goes with --evaluate: there is nothing to measure on");
    }

    public static (string Kind, int K) Postprocess(string? given, string metric, string? labels)
    {
        if (given is null) return (Suggested(metric, labels), BuildRequest.DefaultTopK);
        if (given is PostprocessStep.Raw or PostprocessStep.Ctc or PostprocessStep.TopK) return (given, BuildRequest.DefaultTopK);
        const string WithK = PostprocessStep.TopK + "=";
        if (given.StartsWith(WithK, StringComparison.Ordinal) && int.TryParse(given[WithK.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var k) && k is >= 1 and <= 1000)
            return (PostprocessStep.TopK, k);
        throw new UsageException($"--postprocess '{Identifier.Quote(given)}' is none of ctc, top-k, top-k=K (1 to 1000), raw");
    }

    public static IReadOnlyList<long> Buckets(string text)
    {
        var sizes = Lists.Of("--buckets", text).Select(size => long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= int.MaxValue
            ? number
            : throw new UsageException($"--buckets: '{Identifier.Quote(size)}' is no size")).Order().ToList();
        return sizes.Count <= MaximumBuckets ? sizes : throw new UsageException($"--buckets names {sizes.Count} sizes, over the limit of {MaximumBuckets}");
    }

    public static double MaxDrop(double value) => value is >= 0 and <= 1 ? value : throw new UsageException($"--max-drop {value} is outside 0 to 1");

    public static int Golden(int value) => value is >= 1 and <= BuildRequest.MaximumGolden ? value : throw new UsageException($"--golden {value} is outside 1 to {BuildRequest.MaximumGolden}");

    public static Target Target(string name) => TargetFile.BuiltIn.Contains(name) || File.Exists(name)
        ? Bundles.Target.Load(name)
        : throw new UsageException($"--target '{Identifier.Quote(name)}' is neither a file nor one of {string.Join(", ", TargetFile.BuiltIn)}");

    private static string Suggested(string metric, string? labels) => metric switch
    {
        CtcMetric.MetricName => PostprocessStep.Ctc,
        TopOneMetric.MetricName => PostprocessStep.TopK,
        _ => labels is null ? PostprocessStep.Raw : PostprocessStep.TopK,
    };

    /// <summary>int8 needs samples, and they are good for nothing else.</summary>
    public static string? Calibration(string? path, string variants)
    {
        var wanted = Lists.Split(variants).Contains(VariantLadder.Int8);
        if (wanted && path is null) throw new UsageException($"--variants {variants} asks for {VariantLadder.Int8}, whose ranges are found on samples: give them with --calibration");
        return wanted || path is null ? path : throw new UsageException($"--calibration is for {VariantLadder.Int8}, which --variants {variants} does not ask for");
    }

    public static IRangeMethod CalibrationMethod(string? given, string? samples)
    {
        if (given is null) return RangeMethods.Default;
        var method = RangeMethods.Find(given) ?? throw new UsageException($"--calibration-method '{Identifier.Quote(given)}' is none of {RangeMethods.Choices}");
        return samples is not null ? method : throw new UsageException($"--calibration-method {given} goes with --calibration: there are no samples to find ranges on");
    }

    /// <summary>A method that was asked for is what chooses all ranges.</summary>
    public static TuningOptions Tuning(string? method, bool adaround, string? samples) => !adaround || samples is not null
        ? new TuningOptions { Ranges = method is null, Rounding = adaround }
        : throw new UsageException("--adaround goes with --calibration: there are no samples to round weights by");

    private static UsageException NotAnIdentifier(string option, string text) => new($"{option} '{Identifier.Quote(text)}' does not match [a-z0-9][a-z0-9._-]{{0,63}}");
}
