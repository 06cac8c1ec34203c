using System.Diagnostics;
using EdgeRuntime.Benchmarks.Reporting;
using EdgeRuntime.Benchmarks.Startup;
using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Packaging.Calibration;
using EdgeRuntime.Packaging.Calibration.Ranges;
using EdgeRuntime.Packaging.Data;
using EdgeRuntime.Packaging.Evaluation;
using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Passes;
using EdgeRuntime.Packaging.Quantization;
using EdgeRuntime.Packaging.Variants;

namespace EdgeRuntime.Benchmarks.Quantize;

/// <summary>How long it takes to see what int8 needs of the text model on half of the lines, against running the model on them.</summary>
internal static class CalibrationSpeed
{
    public const string Part = "calibration-speed";
    private const double MostRuns = 5;

    public static void Measure(BenchRun run)
    {
        run.Says("calibrating on text lines");
        var folder = Directory.CreateDirectory(Path.Combine(run.Scratch, Part)).FullName;
        using var data = TextHalves.Open(folder, TextHalves.Write(folder).Calibration);
        var model = ModelImporter.Load(TextModel.Model);
        var target = Target.Load(ThisMachine.Target);
        var calibrator = new Calibrator(data, new SilentLog(), CancellationToken.None);
        var passes = VariantLadder.Of([VariantLadder.Int8], [target], calibrator)[0].Passes.TakeWhile(pass => pass is not QuantizeGraph);
        PassPipeline.Apply(model, [.. passes], null, TimeProvider.System);
        var values = ByteParameters.Observed(BytePlan.Of(new GraphView(model), target.Int8, new HashSet<string>()));
        var running = Timed(() => Run(data));
        var calibrating = Timed(() => Calibrate(model, values, calibrator));
        run.Report.Add(new Figure("calibration-runs", calibrating / running, "x")
        {
            Goal = Goal.AtMost(MostRuns),
            Peer = "running s",
            PeerValue = running.TotalSeconds,
            Samples = data.Count,
            Note = $"PP-OCRv4 rec, {values.Count} values of {data.Count} lines in {calibrating.TotalSeconds:f1} s",
        });
    }

    private static void Calibrate(OnnxModel model, IReadOnlyList<string> values, Calibrator calibrator)
    {
        var seen = calibrator.Observe(model, values, RangeMethods.Default);
        foreach (var value in seen.Values) value.Range(symmetric: false);
    }

    private static void Run(ImageFolderData data)
    {
        using var opened = PlainModel.Open(TextModel.Model, new ExecutionOptions { Threads = 1 });
        using var context = opened.CreateContext();
        using var reader = data.OpenReader();
        for (var index = 0; index < data.Count; index++) SampleRun.On(context, opened, reader.Read(index), CancellationToken.None);
    }

    private static TimeSpan Timed(Action work)
    {
        var start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start);
    }
}
