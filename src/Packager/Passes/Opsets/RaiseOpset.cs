using EdgeRuntime.Inference;
using EdgeRuntime.Packaging.Export;
using EdgeRuntime.Packaging.Import;

namespace EdgeRuntime.Packaging.Passes.Opsets;

/// <summary>
/// Brings a model of opset 7 to 12 to opset 13, subgraphs included, so that the passes behind it know one form of every op only. Ensures that ONNX
/// Runtime opens the result; where a node cannot be brought there, the whole model stays as it is, and the reasons are reported.
/// </summary>
internal sealed class RaiseOpset : IPass
{
    public const long Oldest = 7, Wanted = 13;

    /// <summary>What external data wants, and what brought opset 13. Older ones list their initializers among the inputs: see <see cref="FixInitializers"/>.</summary>
    private const long FirstWithDefaults = 4, WantedIr = 7;

    private const int MostReasons = 8;

    public string Name => "raise-opset";

    public string? Apply(OnnxModel model)
    {
        var from = model.Opset;
        if (from >= Wanted) return null;
        var candidate = model.Clone();
        var upgrade = new ModelUpgrade(candidate, from);
        var reasons = Reasons(upgrade, candidate, from);
        if (reasons.Count > 0) return $"nothing done, opset {from} stays: {string.Join("; ", reasons.Take(MostReasons))}{(reasons.Count > MostReasons ? $" and {reasons.Count - MostReasons} more" : "")}";
        model.TakeOver(candidate);
        return $"opset {from} became {Wanted}{(upgrade.Converted.Count == 0 ? "" : $", rewritten: {string.Join(", ", upgrade.Converted.Select(op => $"{op.Value} {op.Key}"))}")}";
    }

    private static IReadOnlyList<string> Reasons(ModelUpgrade upgrade, OnnxModel candidate, long from)
    {
        if (from < Oldest) return [$"only {Oldest} and later are raised"];
        if (candidate.Proto.Functions.Count > 0) return [$"the model defines {candidate.Proto.Functions.Count} functions"];
        var reasons = upgrade.Run();
        if (reasons.Count > 0) return reasons;
        foreach (var import in candidate.Proto.OpsetImport.Where(import => import.Domain is "" or "ai.onnx")) import.Version = Wanted;
        if (candidate.Proto.IrVersion >= FirstWithDefaults) candidate.Proto.IrVersion = Math.Max(candidate.Proto.IrVersion, WantedIr);
        return Objection(candidate) is { } objection ? [objection] : [];
    }

    private static string? Objection(OnnxModel candidate)
    {
        try
        {
            TemporaryModel.Open(candidate, mapped: true).Dispose();
            return null;
        }
        catch (InferenceException error)
        {
            return $"ONNX Runtime does not open it as opset {Wanted}: {error.Message}";
        }
    }
}
