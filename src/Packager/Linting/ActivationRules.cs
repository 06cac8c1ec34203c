using EdgeRuntime.Bundles;

namespace EdgeRuntime.Packaging.Linting;

/// <summary>Bytes of values that are no weights.</summary>
internal static class ActivationRules
{
    /// <summary>What is found at run time has the type that DynamicQuantizeLinear gives, whatever the target would like.</summary>
    public static IEnumerable<Breach> Type(QuantizedGraph graph, Int8Rules rules) => graph.Values
        .Where(form => !form.IsDynamic && !TypeNames.Of(form.Type).Equals(rules.Activations, StringComparison.Ordinal))
        .Select(form => new Breach($"value '{form.Name}'", TypeNames.Of(form.Type), rules.Activations));

    public static IEnumerable<Breach> Symmetry(QuantizedGraph graph, Int8Rules rules) => rules.SymmetricActivations
        ? graph.Values.Where(form => !form.IsSymmetric).Select(form => new Breach($"value '{form.Name}'", form.Zeros is { } zeros ? $"zero point {zeros.First(zero => zero != 0)}" : "a zero point found at run time", "zero point 0"))
        : [];
}
