namespace EdgeRuntime.Packaging.Passes.Opsets;

/// <summary>Opset 8 has a batch dimension and lengths of sequences in Scan, which no later one has.</summary>
internal static class ScanOfBatches
{
    public static string? Refuse(NodeUpgrade node) => $"its {node.Node.Input.Count} inputs begin with the lengths of sequences, for which there is no form";
}
