using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Calibration;
using EdgeRuntime.Packaging.Calibration.Ranges;
using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Quantization.Equalising;
using EdgeRuntime.Packaging.Quantization.Smoothing;
using EdgeRuntime.Packaging.Quantization.Tuning;

namespace EdgeRuntime.Packaging.Quantization;

/// <summary>What attempts at one variant share: what was seen on the samples, what makes layers more exact, and which of them to hand back first. Found once, when it is asked for.</summary>
internal sealed class Knowledge(Int8Rules rules, Calibrator calibrator, IRangeMethod method, TuningOptions tuning)
{
    /// <summary>Of the answers: a cosine of 0.9995 and above, with which there is nothing to gain that would be worth the time.</summary>
    private const double SmallError = 0.001;

    private IReadOnlyDictionary<string, SeenValue>? _seen;
    private IReadOnlyList<(string Layer, double Share)>? _ranking;
    private LayerTuning? _tuning;
    private OutputError? _error;
    private EqualiseChannels? _equalisation;
    private SmoothInputs? _smoothing;

    public Int8Rules Rules => rules;

    /// <summary>A pass before, which remembers what it decided.</summary>
    public SmoothInputs Smoothing => _smoothing ??= new SmoothInputs(rules, calibrator);

    /// <inheritdoc cref="Smoothing"/>
    public EqualiseChannels Equalisation => _equalisation ??= new EqualiseChannels(calibrator, rules);

    /// <summary>Chooses the ranges.</summary>
    public IRangeMethod Method => method;

    /// <param name="model">Ready to be quantized; the same at every call.</param>
    public IReadOnlyDictionary<string, SeenValue> Seen(OnnxModel model) => _seen ??= Observed(model);

    /// <inheritdoc cref="LayerRanking.Of"/>
    public IReadOnlyList<(string Layer, double Share)> Ranking(OnnxModel model) =>
        _ranking ??= new LayerRanking(calibrator, rules, Seen(model), Tuning(model)).Of(model, Error(model));

    /// <summary>What makes the layers more exact, of all that was tried.</summary>
    public LayerTuning Tuning(OnnxModel model) => _tuning ??= Tuned(model);

    private IReadOnlyDictionary<string, SeenValue> Observed(OnnxModel model)
    {
        var values = ByteParameters.Observed(BytePlan.Of(new GraphView(model), rules, new HashSet<string>()));
        var seen = calibrator.Observe(model, values, method);
        return tuning.Ranges && values.Count > 0 && ErrorOf(model, seen, LayerTuning.None) > SmallError ? new RangeChoice(tried => ErrorOf(model, tried, LayerTuning.None), calibrator.Report).Of(seen, values) : seen;
    }

    /// <summary>Each step is kept only where the answers are nearer to the exact ones for it.</summary>
    private LayerTuning Tuned(OnnxModel model)
    {
        var seen = Seen(model);
        var best = LayerTuning.None;
        if (seen.Count == 0) return best;
        var least = ErrorOf(model, seen, best);
        foreach (var step in Steps(model, seen, least))
        {
            var tried = step(model, best);
            if (ErrorOf(model, seen, tried) is var left && left < least) (best, least) = (tried, left);
        }
        return best;
    }

    private List<Func<OnnxModel, LayerTuning, LayerTuning>> Steps(OnnxModel model, IReadOnlyDictionary<string, SeenValue> seen, double error)
    {
        List<Func<OnnxModel, LayerTuning, LayerTuning>> steps = [];
        if (tuning.Rounding) steps.Add(new AdaptiveRounding(calibrator, rules).Of);
        if (tuning.Biases && error > SmallError) steps.Add(new SequentialBias(calibrator, rules, seen, tried => ErrorOf(model, seen, tried)).Of);
        return steps;
    }

    private double ErrorOf(OnnxModel model, IReadOnlyDictionary<string, SeenValue> seen, LayerTuning tried) => Error(model).InBytes(model, rules, seen, tried);

    private OutputError Error(OnnxModel model) => _error ??= new OutputError(calibrator, model);
}
