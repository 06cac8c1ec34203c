using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Onnx;

namespace EdgeRuntime.Packaging.Passes.Rewriting;

/// <summary>Applies rules to every node, in the graph's order, until none has anything left to do.</summary>
internal sealed class RewritePass(string name, IReadOnlyList<IRewriteRule> rules) : IPass
{
    private readonly SortedDictionary<string, int> _applied = new(StringComparer.Ordinal), _refused = new(StringComparer.Ordinal);

    public string Name => name;

    public string? Apply(OnnxModel model)
    {
        _applied.Clear();
        _refused.Clear();
        var view = new GraphView(model);
        for (var i = 0; i < model.Graph.Node.Count; i++)
            while (i < model.Graph.Node.Count && Step(view, model.Graph.Node[i]) is { } patch)
            {
                i = patch.Removed.Min(view.PositionOf); // what stands there now may be part of another pattern
                patch.Apply(view);
                view = new GraphView(model);
            }
        if (_applied.Count > 0) model.Graph.ValueInfo.Clear(); // it may tell of values that are gone
        return Report();
    }

    private Patch? Step(GraphView view, NodeProto node)
    {
        foreach (var rule in rules)
        {
            var result = rule.Match(view, node);
            var objection = result.Reason ?? result.Patch?.Objection(view);
            if (objection is not null) Count(_refused, $"{rule.Name} of '{node.Name}': {objection}");
            else if (result.Patch is { } patch)
            {
                Count(_applied, rule.Name);
                return patch;
            }
        }
        return null;
    }

    private string? Report()
    {
        if (_applied.Count == 0 && _refused.Count == 0) return null;
        var done = string.Join(", ", _applied.Select(rule => $"{rule.Value} {rule.Key}"));
        return _refused.Count == 0 ? done : $"{(done.Length > 0 ? done : "nothing done")}; left: {string.Join("; ", _refused.Keys)}";
    }

    private static void Count(SortedDictionary<string, int> counts, string key) => counts[key] = counts.GetValueOrDefault(key) + 1;
}
