using EdgeRuntime.Benchmarks.Device;
using EdgeRuntime.Benchmarks.Reporting;

namespace EdgeRuntime.Benchmarks.Memory;

/// <summary>What a model costs in memory, in one process and in two, while it is installed and under a limit, and whether it stays as fast.</summary>
internal static class MemoryBench
{
    private static readonly LargeModel[] Models = [LargeModel.ResNet50, LargeModel.Transformer];

    public static LargeModel Named(string name) => Models.Append(LargeModel.Small).First(model => model.Name == name);

    public static async Task RunAsync(BenchRun run)
    {
        await using var site = await BenchSite.OpenAsync();
        foreach (var model in run.Smoke ? [LargeModel.Small] : Models) await MeasureAsync(run, site, model);
        foreach (var figure in WorstOf(run.Report.Figures)) run.Report.Add(figure);
    }

    private static async Task MeasureAsync(BenchRun run, BenchSite site, LargeModel model)
    {
        run.Says($"packing {model.Name}");
        var bundle = model.Pack(run.Scratch);
        var subject = new Subject(run, site, new DeviceFolder(Path.Combine(run.Scratch, model.Name), site.Port), model, bundle);
        run.Report.Add(new Figure($"{model.Name}.weights-mb", model.WeightBytes / Megabyte, "MB"));
        await InstallPeak.MeasureAsync(subject);
        await ServingMemory.MeasureAsync(subject);
        await Latency.MeasureAsync(subject);
        await UnderCap.MeasureAsync(subject);
        File.Delete(bundle.Path);
        Directory.Delete(subject.Folder.Root, recursive: true);
    }

    /// <summary>One figure for all models where each must hold.</summary>
    private static IEnumerable<Figure> WorstOf(IReadOnlyList<Figure> figures)
    {
        string[] ids = ["anonymous-mb", "weights-mb", "second-process-ratio", "load-peak-over-weights-mb", "answers-under-cap"];
        foreach (var id in ids)
        {
            var each = figures.Where(figure => figure.Id.EndsWith("." + id, StringComparison.Ordinal)).ToList();
            var worst = each.Any(figure => figure.Value is null) ? each.First(figure => figure.Value is null)
                : each[0].Goal is { AtLeast: true } ? each.MinBy(figure => figure.Value)! : each.MaxBy(figure => figure.Value)!;
            yield return worst with { Id = id, Note = $"the worst of the models: {worst.Id}" };
        }
    }

    public const double Megabyte = Measuring.ProcessMemory.Megabyte;
}
