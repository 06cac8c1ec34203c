using EdgeRuntime.Bundles;

namespace EdgeRuntime.Packaging.Linting;

/// <summary>Looks for breaches of one rule.</summary>
internal delegate IEnumerable<Breach> LintCheck(QuantizedGraph graph, Int8Rules rules);

/// <summary>What a target wants of a model in bytes.</summary>
/// <param name="Id">As findings name it.</param>
/// <param name="Severity">Of its breaches.</param>
/// <param name="Check">Finds them.</param>
internal sealed record LintRule(string Id, LintSeverity Severity, LintCheck Check)
{
    /// <summary>In the order in which findings are listed.</summary>
    public static IReadOnlyList<LintRule> All { get; } =
    [
        new("conversion-opset", LintSeverity.Error, FormRules.Opset),
        new("conversion-domain", LintSeverity.Error, FormRules.Domain),
        new("conversions-only", LintSeverity.Error, FormRules.OnlyConversions),
        new("activation-type", LintSeverity.Error, ActivationRules.Type),
        new("activation-symmetry", LintSeverity.Error, ActivationRules.Symmetry),
        new("weight-type", LintSeverity.Error, WeightRules.Type),
        new("weight-symmetry", LintSeverity.Error, WeightRules.Symmetry),
        new("weight-channels", LintSeverity.Error, WeightRules.Channels),
        new("weight-axis", LintSeverity.Error, WeightRules.Axis),
        new("weight-saturation", LintSeverity.Error, WeightRules.Saturation),
        new("weight-range", LintSeverity.Error, WeightRules.Range),
        new("bias-form", LintSeverity.Error, BiasRules.Form),
        new("bias-scale", LintSeverity.Error, BiasRules.Scale),
        new("concat-scales", LintSeverity.Error, SharingRules.Concat),
        new("residual-branch", LintSeverity.Error, SharingRules.Residual),
        new("few-channels", LintSeverity.Error, ShapeRules.Channels),
        new("matrix-vector", LintSeverity.Error, ShapeRules.MatrixVector),
        new("op-not-listed", LintSeverity.Warning, FusionRules.NotListed),
        new("left-float", LintSeverity.Warning, FusionRules.LeftFloat),
        new("activation-between", LintSeverity.Warning, FusionRules.ActivationBetween),
        new("output-float", LintSeverity.Warning, FusionRules.OutputFloat),
        new("bias-behind", LintSeverity.Warning, BiasRules.Behind),
        new("nothing-quantized", LintSeverity.Warning, FusionRules.Nothing),
    ];
}
