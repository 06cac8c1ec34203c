using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Import;

namespace EdgeRuntime.Packaging.Linting;

/// <summary>Checks a finished model, of whatever origin, against what a target wants of bytes.</summary>
internal static class ModelLint
{
    /// <exception cref="PackagerException">The model cannot be read.</exception>
    public static LintReport Of(OnnxModel model, Target target)
    {
        var graph = QuantizedGraph.Of(model);
        var findings = LintRule.All.SelectMany(rule => rule.Check(graph, target.Int8).Select(breach => new LintFinding(rule.Severity, rule.Id, breach.Node, breach.Value, breach.Limit)));
        return new LintReport { Model = model.Origin, Target = target.Name, QuantizedLayers = graph.Layers.Count, Findings = [.. findings.OrderByDescending(finding => finding.Severity)] };
    }
}
