using EdgeRuntime.Benchmarks.Reporting;
using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Building;
using EdgeRuntime.Packaging.Gate;
using EdgeRuntime.Packaging.Variants;

namespace EdgeRuntime.Benchmarks.Quantize;

/// <summary>Speed, loss and verdict of one model: of the fastest variant that was shipped, else of the best that was refused.</summary>
internal static class ModelFigures
{
    private const double LeastSpeedup = 1.05, TextPoints = 0.2, LinePoints = 1, CosineLoss = 0.005;

    public static void Measure(BenchRun run, QuantizedModel model)
    {
        run.Says(model.Name);
        var folder = Directory.CreateDirectory(Path.Combine(run.Scratch, model.Name)).FullName;
        var path = model.Model(folder);
        var (packager, data) = (new PackagerRun(run), model.Data(folder, path));
        var result = packager.Build(model, path, data, Path.Combine(folder, "out.bundle"));
        foreach (var figure in Figures(model, result)) run.Report.Add(figure);
        if (model.IsText) run.Report.Add(Lines(model, result, packager.Trust, new ExactLines(Path.Combine(folder, "exact"), data.Evaluation)));
        Directory.Delete(folder, recursive: true);
    }

    private static ReportedVariant? Shipped(BuildResult result) => result.Variants.Where(variant => variant.Speed is not null).MaxBy(variant => variant.Speed!.Speedup);

    private static Figure Lines(QuantizedModel model, BuildResult result, TrustPolicy trust, ExactLines lines)
    {
        using (lines)
        {
            var shipped = Shipped(result);
            return new Figure($"{model.Name}.exact-lines-loss", shipped is null ? null : lines.Loss(result.Bundle, trust, shipped.Id), "points")
            {
                Goal = shipped is null ? null : Goal.AtMost(LinePoints),
                Samples = shipped?.Quality.Samples ?? 0,
                Note = shipped is null ? "no variant was shipped" : null,
            };
        }
    }

    private static IEnumerable<Figure> Figures(QuantizedModel model, BuildResult result)
    {
        var parent = result.Variants.First(variant => variant.Precision == VariantLadder.Fp32);
        var shipped = Shipped(result);
        var refused = result.Refused.OrderByDescending(variant => variant.Speed?.Speedup ?? 0).FirstOrDefault();
        var (speed, quality) = shipped is null ? (refused?.Speed, refused?.Quality) : (shipped.Speed, shipped.Quality);
        yield return Speed(model, speed, shipped?.Id, refused);
        yield return new Figure($"{model.Name}.loss", quality is null ? null : Loss(model, parent.Quality, quality), model.IsText ? "points" : "1 - cosine")
        {
            Goal = shipped is null ? null : Goal.AtMost(model.IsText ? TextPoints : Math.Max(CosineLoss, model.MaxDrop)),
            Samples = quality?.Samples ?? 0,
        };
        yield return new Figure($"{model.Name}.shipped", shipped is null ? 0 : 1, "")
        {
            Note = shipped is null ? $"refused: {string.Join("; ", result.Refused.Select(variant => variant.Reason))}" : $"{shipped.Id}, {new ByteCount(shipped.Bytes)} of {new ByteCount(parent.Bytes)}",
        };
    }

    private static Figure Speed(QuantizedModel model, SpeedComparison? speed, string? shipped, RefusedVariant? refused) => new($"{model.Name}.speedup", speed?.Speedup, "x")
    {
        Goal = model.GoalSpeedup is { } goal ? Goal.NoLessThan(goal) : shipped is null ? null : Goal.NoLessThan(LeastSpeedup),
        Peer = "fp32 ms",
        PeerValue = speed?.ParentMilliseconds,
        Samples = speed?.Pairs ?? 0,
        Note = shipped ?? (refused is null ? "no variant was made" : $"of {refused.Id}, which was refused"),
    };

    private static double Loss(QuantizedModel model, Quality parent, Quality quality) => model.IsText ? 100 * (parent.Value - quality.Value) : 1 - quality.Value;
}
