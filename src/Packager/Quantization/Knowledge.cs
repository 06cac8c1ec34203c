using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Calibration;
using EdgeRuntime.Packaging.Calibration.Ranges;
using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Import;

namespace EdgeRuntime.Packaging.Quantization;

/// <summary>What attempts at one variant share: what was seen on the samples, and which layers to hand back first. Found once, when it is asked for.</summary>
internal sealed class Knowledge(Int8Rules rules, Calibrator calibrator, IRangeMethod method)
{
    private IReadOnlyDictionary<string, SeenValue>? _seen;
    private IReadOnlyList<(string Layer, double Share)>? _ranking;

    public Int8Rules Rules => rules;

    /// <summary>Chooses the ranges.</summary>
    public IRangeMethod Method => method;

    /// <param name="model">Ready to be quantized; the same at every call.</param>
    public IReadOnlyDictionary<string, SeenValue> Seen(OnnxModel model) =>
        _seen ??= calibrator.Observe(model, ByteParameters.Observed(BytePlan.Of(new GraphView(model), rules, new HashSet<string>())), method);

    /// <inheritdoc cref="LayerRanking.Of"/>
    public IReadOnlyList<(string Layer, double Share)> Ranking(OnnxModel model) => _ranking ??= new LayerRanking(calibrator, rules, Seen(model)).Of(model);
}
