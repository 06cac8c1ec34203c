using EdgeRuntime.Bundles;

namespace EdgeRuntime.Packaging.Commands;

/// <summary>A manifest for people.</summary>
internal static class ManifestTable
{
    public static IEnumerable<string> Lines(Manifest manifest) =>
    [
        .. TextTable.Lines(Head(manifest)), "",
        .. TextTable.Lines(Variants(manifest)), "",
        .. TextTable.Lines(Latencies(manifest)), "",
        .. TextTable.Lines(Entries(manifest)),
    ];

    private static List<string[]> Head(Manifest manifest) =>
    [
        ["bundle", $"{manifest.Name} {manifest.Version}, sequence {manifest.Sequence}, format {manifest.FormatVersion}"],
        ["targets", string.Join(", ", manifest.Targets)],
        .. manifest.Inputs.Select(input => new[] { "input", input.ToString() + Padding(input.Padding) }),
        .. manifest.Outputs.Select(output => new[] { "output", output.ToString() }),
        .. manifest.Preprocess is { } step ? new[] { new[] { "images", $"{string.Join(", ", step.ContentTypes)} become '{step.Input}'" } } : [],
        .. manifest.Postprocessing.Select(step => new[] { "answer", Postprocess(step) }),
        ["golden", $"{manifest.Golden.Count} vectors"],
        .. manifest.Thresholds is { } thresholds ? new[] { new[] { "least quality", $"{thresholds.MinRelative} of fp32" } } : [],
    ];

    private static string Padding(PaddingRule? rule) => rule is null ? "" : $", axis {rule.Axis} padded with {rule.Value} to {rule.Buckets.Count} sizes from {rule.Buckets[0]} to {rule.Buckets[^1]}";

    private static string Postprocess(PostprocessStep step) => step.Kind switch
    {
        PostprocessStep.TopK => $"the best {step.K} of '{step.Output}'{(step.Softmax ? " after softmax" : "")}{(step.Labels is null ? "" : $", named by {step.Labels}")}",
        PostprocessStep.Ctc => $"the text of '{step.Output}' by CTC{(step.Softmax ? " after softmax" : "")}, characters of {step.Labels}, blank {step.Blank}",
        _ => $"'{step.Output}' as it is",
    };

    private static List<string[]> Variants(Manifest manifest) =>
    [
        ["variant", "precision", "quality", "95 %", "of fp32", "samples", "size", "peak memory", "passes"],
        .. manifest.Variants.Select(variant => new[]
        {
            variant.Id, variant.Precision,
            variant.Quality is { } quality ? $"{quality.Metric} {quality.Value:f4}" : "not measured",
            variant.Quality is { } range ? $"{range.Low:f4} to {range.High:f4}" : "",
            variant.Quality is { } relative ? $"{relative.Relative:f4}" : "",
            variant.Quality is { } data ? $"{data.Samples}" : "",
            variant.Bytes.ToString(), variant.PeakMemory.Bytes == 0 ? "not measured" : variant.PeakMemory.ToString(), string.Join(", ", variant.Passes),
        }),
    ];

    private static List<string[]> Latencies(Manifest manifest) =>
    [
        ["variant", "target", "threads", "ms", ""],
        .. manifest.Variants.SelectMany(variant => variant.Latencies.Select(latency => new[]
        {
            variant.Id, latency.Target, $"{latency.Threads}", $"{latency.Milliseconds:f3}", latency.Measured ? "measured" : "on another machine, not on the target",
        })),
    ];

    private static List<string[]> Entries(Manifest manifest) =>
    [
        ["entry", "size", "SHA-256"],
        .. manifest.Entries.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => new[] { entry.Key, new ByteCount(entry.Value.Size).ToString(), entry.Value.Sha256.ToString() }),
    ];
}
