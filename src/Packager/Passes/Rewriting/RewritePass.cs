using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Onnx;

namespace EdgeRuntime.Packaging.Passes.Rewriting;

/// <summary>Applies rules to every node, in the graph's order, until none has anything left to do.</summary>
internal sealed class RewritePass(string name, IReadOnlyList<IRewriteRule> rules, bool needsFacts = false) : IPass
{
    /// <summary>A rule takes away or simplifies, so that a few patches for each node are plenty; more are rules that undo each other, or themselves.</summary>
    private const int PatchesPerNode = 8;

    private readonly SortedDictionary<string, int> _applied = new(StringComparer.Ordinal);
    private readonly Refusals _refused = new();

    public string Name => name;

    public string? Apply(OnnxModel model)
    {
        _applied.Clear();
        var draft = new GraphDraft(model, needsFacts ? GraphFacts.Of(model) : null);
        while (Sweep(draft))
        {
        }
        if (_applied.Count > 0) draft.Write();
        return Report();
    }

    /// <returns>Whether a patch was applied: it may have made room for another.</returns>
    private bool Sweep(GraphDraft draft)
    {
        _refused.Clear(); // what stood in the way of a rule may be gone by now
        var patched = false;
        for (var place = 0; place < draft.Places; place++)
            for (var i = 0; i < draft.At(place).Count; i++)
            {
                if (Step(draft.View, draft.At(place)[i]) is not { } patch) continue;
                RequireSettling(draft, patch);
                draft.Apply(patch);
                (i, patched) = (-1, true);
            }
        return patched;
    }

    private void RequireSettling(GraphDraft draft, Patch patch)
    {
        var (patches, most) = (_applied.Values.Sum(), PatchesPerNode * draft.Places);
        if (patches > most)
            throw new PackagerException($"rule {_applied.MaxBy(rule => rule.Value).Key} does not settle: {patches} patches, the last at '{patch.Removed[0].Name}', are over the {most} of a graph of {draft.Places} nodes");
    }

    private Patch? Step(GraphView view, NodeProto node)
    {
        foreach (var rule in rules)
        {
            var result = rule.Match(view, node);
            var objection = result.Reason ?? result.Patch?.Objection(view);
            if (objection is not null) _refused.Add(rule.Name, node.Name, objection);
            else if (result.Patch is { } patch)
            {
                _applied[rule.Name] = _applied.GetValueOrDefault(rule.Name) + 1;
                return patch;
            }
        }
        return null;
    }

    private string? Report()
    {
        if (_applied.Count == 0 && _refused.Count == 0) return null;
        var done = string.Join(", ", _applied.Select(rule => $"{rule.Value} {rule.Key}"));
        return _refused.Count == 0 ? done : $"{(done.Length > 0 ? done : "nothing done")}; left: {_refused}";
    }
}
