using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Calibration;
using EdgeRuntime.Packaging.Calibration.Ranges;
using EdgeRuntime.Packaging.Commands;
using EdgeRuntime.Packaging.Data;
using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Quantization;
using EdgeRuntime.Packaging.Quantization.Tuning;

namespace EdgeRuntime.Packaging.Tests.Support;

/// <summary>Made-up samples for models whose only input is x.</summary>
internal static class Samples
{
    private const int Count = 8;

    public static Calibrator Calibrator(long[] shape) =>
        new(new MadeUpData([new TensorSpec { Name = "x", Type = ElementType.Float32, Shape = shape }], Count), new CommandOutput(TextWriter.Null, TextWriter.Null, isTerminal: false), default);

    public static IReadOnlyDictionary<string, SeenValue> Seen(OnnxModel model, Int8Rules rules, Calibrator calibrator, IRangeMethod? method = null) =>
        calibrator.Observe(model, ByteParameters.Observed(BytePlan.Of(new GraphView(model), rules, new HashSet<string>())), method ?? RangeMethods.Default);

    public static void Quantize(OnnxModel model, Int8Rules rules, Calibrator calibrator, LayerTuning? tuning = null, IRangeMethod? method = null) =>
        ByteWriter.Write(model, rules, Seen(model, rules, calibrator, method), new HashSet<string>(), tuning);
}
