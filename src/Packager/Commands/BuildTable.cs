using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Building;
using EdgeRuntime.Packaging.Gate;
using EdgeRuntime.Packaging.Passes;

namespace EdgeRuntime.Packaging.Commands;

/// <summary>What a build made, for people: the ladder with its figures, what was refused, what stayed float, what ONNX Runtime runs, where the time went.</summary>
internal static class BuildTable
{
    private const int MostLines = 10;

    public static IEnumerable<string> Lines(BuildResult result) =>
    [
        "", .. TextTable.Lines(Rows(result)), "",
        .. result.Variants.SelectMany(variant => Details(variant.Id, variant.Quantization, variant.Audit, variant.Passes)),
        .. result.Refused.SelectMany(variant => Details(variant.Id, variant.Quantization, variant.Audit, variant.Passes)),
    ];

    private static List<string[]> Rows(BuildResult result) =>
    [
        ["variant", "", "quality", "95 %", "of fp32", "size", "ms", "against fp32", "peak memory"],
        .. result.Variants.Select(variant => Row(variant.Id, "in the bundle", variant.Quality, variant.Speed,
            $"{new ByteCount(variant.Bytes)}", variant.Latencies is [var first, ..] ? $"{first.Milliseconds:f3}" : "", variant.PeakMemoryBytes > 0 ? $"{new ByteCount(variant.PeakMemoryBytes)}" : "")),
        .. result.Refused.Select(variant => Row(variant.Id, "refused", variant.Quality, variant.Speed,
            variant.Bytes is { } bytes ? $"{new ByteCount(bytes)}" : "", variant.Speed is { } speed ? $"{speed.Milliseconds:f3}" : "", "")),
    ];

    private static string[] Row(string id, string verdict, Quality? quality, SpeedComparison? speed, string size, string milliseconds, string memory) =>
    [
        id, verdict, quality is null ? "" : $"{quality.Metric} {quality.Value:f4}", quality is null ? "" : $"{quality.Low:f4} to {quality.High:f4}",
        quality is null ? "" : $"{quality.Relative:f4}", size, milliseconds, speed is null ? "" : $"{speed.Speedup:f2} x", memory,
    ];

    private static IEnumerable<string> Details(string id, QuantizationReport? quantization, AuditReport? audit, IReadOnlyList<PassReport> passes)
    {
        if (passes.Count > 0) yield return $"{id}: {string.Join(", ", passes.Select(pass => $"{pass.Name} {pass.Elapsed.TotalSeconds:f1} s"))}";
        if (quantization is not null)
        {
            yield return $"{id}: {quantization.Layers.Count} layers in fewer bits, {quantization.LeftFloat.Count} left float, {quantization.Ranges.Count} ranges found on samples";
            foreach (var line in Shortened("left float", [.. quantization.LeftFloat.Select(layer => layer.ToString())])) yield return line;
        }
        if (audit is null) yield break;
        yield return $"{id} runs {(audit.Operators.Count == 0 ? "no integer kernels" : string.Join(", ", audit.Operators.Select(op => $"{op.Value} {op.Key}")))}";
        foreach (var line in Shortened("not fused", audit.Unfused)) yield return line;
    }

    private static IEnumerable<string> Shortened(string what, IReadOnlyList<string> findings)
    {
        foreach (var finding in findings.Take(MostLines)) yield return $"  {what}: {finding}";
        if (findings.Count > MostLines) yield return $"  {what}: {findings.Count - MostLines} more, all in --report";
    }
}
