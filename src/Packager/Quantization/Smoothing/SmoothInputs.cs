using System.Globalization;
using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Calibration;
using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Passes;
using EdgeRuntime.Packaging.Passes.Simplifying;

namespace EdgeRuntime.Packaging.Quantization.Smoothing;

// y = (n gamma + beta) W  ==>  y = (n (gamma / s) + beta / s) (s W)
/// <summary>
/// SmoothQuant: a few channels of a transformer's norms are often a hundred times as large as the others, and one range for all leaves those no steps. What
/// makes the value divides each channel by a number, the matrices behind it multiply by it; nothing is computed on top.
/// </summary>
/// <param name="rules">The target's.</param>
/// <param name="calibrator">Sees the channels.</param>
internal sealed class SmoothInputs(Int8Rules rules, Calibrator calibrator) : IPass
{
    public const string PassName = "smooth-inputs";

    /// <summary>Of each value; attempts at one variant share it.</summary>
    private readonly Dictionary<string, (double Alpha, double[] Scales, double Left)?> _known = new(StringComparer.Ordinal);

    public string Name => PassName;

    public string? Apply(OnnxModel model)
    {
        if (!rules.QuantizedOps.Contains("MatMul")) return null;
        var view = new GraphView(model);
        var found = view.Nodes.Select(node => SmoothSite.Of(view, node)).ToList();
        var sites = found.Select(one => one.Site).OfType<SmoothSite>().ToList();
        Learn(model, sites);
        var smoothed = sites.Where(site => _known[site.Value] is not null).ToList();
        foreach (var site in smoothed) Smooth(view, site, _known[site.Value]!.Value.Scales);
        if (smoothed.Count > 0) new DropDead().Apply(model);
        return Report(smoothed, [.. found.Select(one => one.Reason).OfType<string>(), .. sites.Except(smoothed).Select(site => $"'{site.Value}' gains nothing by it")]);
    }

    private void Learn(OnnxModel model, IReadOnlyList<SmoothSite> sites)
    {
        var unknown = sites.Where(site => !_known.ContainsKey(site.Value)).ToList();
        if (unknown.Count == 0) return;
        var spans = ChannelSpans.Of(calibrator, model, unknown);
        foreach (var site in unknown) _known[site.Value] = SmoothScales.Best(spans[site.Value], [.. site.Readers.Select(reader => reader.ColumnMajor(model))], rules.SymmetricActivations);
    }

    /// <summary>All constants are new ones: others may read the old.</summary>
    private static void Smooth(GraphView view, SmoothSite site, double[] scales)
    {
        foreach (var (node, input) in site.Makers) node.Input[input] = Scaled(view, node.Input[input], at => 1 / scales[at]);
        foreach (var reader in site.Readers)
        {
            var isTurned = reader.Node.Long("transB", 0) != 0;
            reader.Node.Input[1] = Scaled(view, reader.Weights.Name, at => scales[isTurned ? at % reader.Depth : at / reader.Columns]);
        }
    }

    private static string Scaled(GraphView view, string name, Func<int, double> factor)
    {
        var tensor = view.Constant(name)!;
        var values = TensorValues.Floats(view.Model, tensor);
        for (var at = 0; at < values.Length; at++) values[at] = (float)(values[at] * factor(at));
        var scaled = TensorValues.Of(view.Fresh(name + "/smooth"), tensor.Dims, values.AsSpan());
        view.Model.Graph.Initializer.Add(scaled);
        return scaled.Name;
    }

    private string? Report(List<SmoothSite> smoothed, List<string> left)
    {
        if (smoothed.Count == 0 && left.Count == 0) return null;
        var done = string.Join(", ", smoothed.Select(site => string.Create(CultureInfo.InvariantCulture, $"'{site.Value}' by alpha {_known[site.Value]!.Value.Alpha}, {100 * _known[site.Value]!.Value.Left:f0} % of the error stays")));
        return $"{(smoothed.Count == 0 ? "nothing done" : done)}{(left.Count == 0 ? "" : $"; left: {string.Join("; ", left)}")}";
    }
}
