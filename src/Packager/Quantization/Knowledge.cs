using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Calibration;
using EdgeRuntime.Packaging.Calibration.Ranges;
using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Quantization.Tuning;

namespace EdgeRuntime.Packaging.Quantization;

/// <summary>What attempts at one variant share: what was seen on the samples, and which layers to hand back first. Found once, when it is asked for.</summary>
internal sealed class Knowledge(Int8Rules rules, Calibrator calibrator, IRangeMethod method, bool adaptive = false)
{
    private IReadOnlyDictionary<string, SeenValue>? _seen;
    private IReadOnlyList<(string Layer, double Share)>? _ranking;
    private LayerTuning? _tuning;
    private OutputError? _error;

    public Int8Rules Rules => rules;

    /// <summary>Chooses the ranges.</summary>
    public IRangeMethod Method => method;

    /// <param name="model">Ready to be quantized; the same at every call.</param>
    public IReadOnlyDictionary<string, SeenValue> Seen(OnnxModel model) =>
        _seen ??= calibrator.Observe(model, ByteParameters.Observed(BytePlan.Of(new GraphView(model), rules, new HashSet<string>())), method);

    /// <inheritdoc cref="LayerRanking.Of"/>
    public IReadOnlyList<(string Layer, double Share)> Ranking(OnnxModel model) => _ranking ??= new LayerRanking(calibrator, rules, Seen(model), Tuning(model)).Of(model, Error(model));

    /// <summary>What makes the layers more exact, of all that was tried.</summary>
    public LayerTuning Tuning(OnnxModel model) => _tuning ??= Tuned(model, Seen(model), Error(model));

    private OutputError Error(OnnxModel model) => _error ??= new OutputError(calibrator, model);

    private LayerTuning Tuned(OnnxModel model, IReadOnlyDictionary<string, SeenValue> seen, OutputError error)
    {
        var best = LayerTuning.None;
        var least = ErrorOf(best);
        foreach (var step in (Func<OnnxModel, LayerTuning, LayerTuning>[])[.. adaptive ? [new AdaptiveRounding(calibrator, rules).Of] : (Func<OnnxModel, LayerTuning, LayerTuning>[])[], new SequentialBias(calibrator, rules, seen).Of])
        {
            var tried = step(model, best);
            var left = ErrorOf(tried);
            Console.WriteLine($"   tuning {step.Target!.GetType().Name}: {least:g5} -> {left:g5}");
            if (left < least) (best, least) = (tried, left);
        }
        return best;

        double ErrorOf(LayerTuning tuning)
        {
            var rounded = model.Clone();
            ByteWriter.Write(rounded, rules, seen, new HashSet<string>(), tuning);
            return error.Of(rounded);
        }
    }
}
