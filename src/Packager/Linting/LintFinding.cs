using System.Text.Json.Serialization;

namespace EdgeRuntime.Packaging.Linting;

/// <summary>How much a finding weighs.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LintSeverity>))]
internal enum LintSeverity
{
    /// <summary>The target runs it right, slower than it could.</summary>
    Warning,

    /// <summary>The target runs it wrong, in float, or not at all.</summary>
    Error,
}

/// <summary>A place where a model breaks a rule of its target.</summary>
/// <param name="Severity">Of the rule.</param>
/// <param name="Rule">Its id.</param>
/// <param name="Node">Op and name of the node, or the value.</param>
/// <param name="Value">What is there.</param>
/// <param name="Limit">What the target wants.</param>
internal sealed record LintFinding(LintSeverity Severity, string Rule, string Node, string Value, string Limit);

/// <summary>What a rule found; the rule adds its own name.</summary>
internal readonly record struct Breach(string Node, string Value, string Limit);
