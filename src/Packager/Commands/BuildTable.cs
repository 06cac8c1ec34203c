using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Building;

namespace EdgeRuntime.Packaging.Commands;

/// <summary>What a build made, for people: the ladder with its figures, what was refused, what ONNX Runtime runs.</summary>
internal static class BuildTable
{
    private const int MostFindings = 10;

    public static IEnumerable<string> Lines(BuildResult result) =>
    [
        "", .. TextTable.Lines(Rows(result)), "",
        .. result.Variants.SelectMany(variant => Audit(variant.Id, variant.Audit)), .. result.Refused.SelectMany(variant => Audit(variant.Id, variant.Audit)),
    ];

    private static List<string[]> Rows(BuildResult result) =>
    [
        ["variant", "", "quality", "95 %", "of fp32", "size", "ms", "against fp32", "peak memory"],
        .. result.Variants.Select(variant => Row(variant.Id, "in the bundle", variant.Quality, variant.Speed,
            $"{new ByteCount(variant.Bytes)}", variant.Latencies.Count > 0 ? $"{variant.Latencies[0].Milliseconds:f3}" : "", $"{new ByteCount(variant.PeakMemoryBytes)}")),
        .. result.Refused.Select(variant => Row(variant.Id, "refused", variant.Quality, variant.Speed, "", variant.Speed is { } speed ? $"{speed.Milliseconds:f3}" : "", "")),
    ];

    private static string[] Row(string id, string verdict, Quality? quality, Gate.SpeedComparison? speed, string size, string milliseconds, string memory) =>
    [
        id, verdict, quality is null ? "" : $"{quality.Metric} {quality.Value:f4}", quality is null ? "" : $"{quality.Low:f4} to {quality.High:f4}",
        quality is null ? "" : $"{quality.Relative:f4}", size, milliseconds, speed is null ? "" : $"{speed.Speedup:f2} x", memory,
    ];

    private static IEnumerable<string> Audit(string id, Gate.AuditReport? audit)
    {
        if (audit is null) yield break;
        yield return $"{id} runs {(audit.Operators.Count == 0 ? "no integer kernels" : string.Join(", ", audit.Operators.Select(op => $"{op.Value} {op.Key}")))}";
        foreach (var finding in audit.Unfused.Take(MostFindings)) yield return $"  not fused: {finding}";
        if (audit.Unfused.Count > MostFindings) yield return $"  not fused: {audit.Unfused.Count - MostFindings} more, all in --report";
    }
}
