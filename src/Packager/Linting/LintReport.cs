using System.Text.Json.Serialization;

namespace EdgeRuntime.Packaging.Linting;

/// <summary>What a lint found; the form of <c>--json</c>.</summary>
internal sealed record LintReport
{
    public required string Model { get; init; }

    public required string Target { get; init; }

    /// <summary>Nodes that compute in bytes, or are written so that they could.</summary>
    public required int QuantizedLayers { get; init; }

    /// <summary>Errors first, then in the order of the rules and of the graph.</summary>
    public required IReadOnlyList<LintFinding> Findings { get; init; }

    public int Errors => Findings.Count(finding => finding.Severity == LintSeverity.Error);

    public int Warnings => Findings.Count - Errors;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(LintReport))]
internal sealed partial class LintContext : JsonSerializerContext;
