using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Calibration;

namespace EdgeRuntime.Packaging.Quantization;

/// <summary>The scale and zero of every value in bytes.</summary>
internal sealed class ByteParameters
{
    /// <summary>From this many steps on, a scale is stretched so that an offset is a whole number of them; below, that would cost more than rounding the offset.</summary>
    private const int FewestWholeSteps = 8;

    private readonly Int8Rules _rules;
    private readonly BytePlan _plan;
    private readonly IReadOnlyDictionary<string, SeenValue> _seen;
    private readonly SharedRanges _shared;
    private readonly Dictionary<string, ByteRange> _known = new(StringComparer.Ordinal);

    private ByteParameters(BytePlan plan, Int8Rules rules, IReadOnlyDictionary<string, SeenValue> seen) =>
        (_plan, _rules, _seen, _shared) = (plan, rules, seen, SharedRanges.Of(rules.SharedConcatScales ? plan.Nodes : [], value => seen[value].Range(rules.SymmetricActivations)));

    /// <summary>The values whose ranges have to be seen, in a fixed order.</summary>
    public static IReadOnlyList<string> Observed(BytePlan plan) =>
    [
        .. plan.Nodes.Where(node => node.IsLayer).Select(node => node.Node.Input[0])
            .Concat(plan.Nodes.Where(node => node.Form is not (KernelForm.Carrier or KernelForm.Bounded)).Select(node => node.Output)).Distinct(StringComparer.Ordinal),
    ];

    public static ByteParameters Of(BytePlan plan, Int8Rules rules, IReadOnlyDictionary<string, SeenValue> seen)
    {
        var made = new ByteParameters(plan, rules, seen);
        foreach (var node in plan.Nodes) made.Place(node);
        return made;
    }

    /// <summary>The mean of each channel of an observed value; empty where it has none.</summary>
    public double[] ChannelMeans(string value) => _seen[value].Channels.Means;

    public bool Knows(string value) => _known.ContainsKey(value);

    public ByteRange this[string value] => _known[value];

    public bool IsSigned => _rules.Activations == "INT8";

    private void Place(ByteNode node)
    {
        if (node.IsLayer && !_plan.IsInBytes(node.Node.Input[0])) _known.TryAdd(node.Node.Input[0], Searched(node.Node.Input[0], []));
        if (_plan.Bare.Contains(node.Output)) return;
        var views = _plan.Views.Where(view => view.Value.Root == node.Output).ToList();
        double[] offsets = [.. views.Select(view => view.Value.Offset / view.Value.Factor)];
        var range = _known[node.Output] = node.Form switch
        {
            KernelForm.Carrier => _known[node.Node.Input[0]],
            _ when _shared[node.Output] is { } shared => ByteRange.Of(shared, IsSigned, _rules.SymmetricActivations),
            KernelForm.Bounded => ByteRange.Of(new ValueRange(0, 1), IsSigned, _rules.SymmetricActivations),
            _ => Searched(node.Output, offsets),
        };
        foreach (var (value, view) in views) _known[value] = range.Read(view.Factor, view.Offset);
    }

    private ByteRange Searched(string value, double[] offsets)
    {
        var range = _seen[value].Range(_rules.SymmetricActivations);
        if (Array.TrueForAll(offsets, offset => offset == 0)) return ByteRange.Of(range, IsSigned, _rules.SymmetricActivations);
        range = new ValueRange(Math.Min(range.Low, -offsets.Max()), Math.Max(range.High, -offsets.Min())); // each view's 0 needs a byte
        var offset = Math.Abs(offsets.MaxBy(Math.Abs));
        var steps = Math.Floor(offset / (range.High - range.Low) * ValueRange.Steps);
        if (steps < FewestWholeSteps) return ByteRange.Of(range, IsSigned, symmetric: false);
        return ByteRange.Of(range with { High = range.Low + offset / steps * ValueRange.Steps }, IsSigned, symmetric: false);
    }
}
