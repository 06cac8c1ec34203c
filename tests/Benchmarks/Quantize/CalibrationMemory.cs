using EdgeRuntime.Benchmarks.Reporting;
using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Packaging.Calibration;
using EdgeRuntime.Packaging.Calibration.Ranges;
using EdgeRuntime.Packaging.Data;
using EdgeRuntime.Packaging.Evaluation;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Measurement;
using EdgeRuntime.TestKit.Models;

namespace EdgeRuntime.Benchmarks.Quantize;

/// <summary>How much more anonymous memory it takes to look at every value of a model over many images than to run the model on them.</summary>
internal static class CalibrationMemory
{
    public const string Part = "calibration-memory";
    private const int Images = 500, Glimpse = 8;
    private const double MostMegabytes = 300;

    public static void Measure(BenchRun run)
    {
        run.Says("calibrating");
        var folder = Directory.CreateDirectory(Path.Combine(run.Scratch, Part)).FullName;
        var path = TestModels.MobileNetV2(folder);
        var model = ModelImporter.Load(path);
        using var data = new MadeUpData(Inputs(path), run.Smoke ? Glimpse : Images);
        var running = MemoryPeak.During(() => Run(path, data));
        var values = model.Graph.Node.SelectMany(node => node.Output).ToList();
        var calibrating = MemoryPeak.During(() => new Calibrator(data, new SilentLog(), CancellationToken.None).Observe(model, values, RangeMethods.Default));
        run.Report.Add(new Figure("calibration-extra-mb", (calibrating.Bytes - running.Bytes) / 1e6, "MB")
        {
            Goal = Goal.AtMost(MostMegabytes),
            Samples = data.Count,
            Note = $"MobileNetV2 at 224 x 224, {values.Count} values: {calibrating} while calibrating, {running} while running it",
        });
    }

    private static IReadOnlyList<TensorSpec> Inputs(string path)
    {
        using var opened = PlainModel.Open(path, new ExecutionOptions { Threads = 1 });
        return opened.Inputs;
    }

    private static void Run(string path, MadeUpData data)
    {
        using var opened = PlainModel.Open(path, new ExecutionOptions { Threads = 1 });
        using var context = opened.CreateContext();
        for (var index = 0; index < data.Count; index++) SampleRun.On(context, opened, data.Read(index), CancellationToken.None);
    }
}
