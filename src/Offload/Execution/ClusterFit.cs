using System.Text;
using EdgeRuntime.Bundles;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Lanes;

namespace EdgeRuntime.Offload.Execution;

/// <summary>Whether a cluster's model is the one that a bundle has. Shapes are not compared: servers tell them with or without the axis of batches.</summary>
internal static class ClusterFit
{
    /// <summary>Why it is not; null where it is, or where there is no bundle or no telling.</summary>
    public static string? Complaint(ServedModel? served, ModelMetadata metadata)
    {
        if (served is null) return null;
        var manifest = served.Bundle.Manifest;
        return Complaint("input", manifest.Inputs, metadata.Inputs) ?? Complaint("output", manifest.Outputs, metadata.Outputs);
    }

    private static string? Complaint(string what, IReadOnlyList<TensorSpec> wanted, IReadOnlyList<TensorMetadata> told)
    {
        if (told.Count == 0) return null;
        foreach (var spec in wanted)
        {
            if (told.FirstOrDefault(tensor => tensor.Name == spec.Name) is not { } tensor) return $"it has no {what} '{spec.Name}', which the bundle has, only {string.Join(", ", told.Select(each => $"'{each.Name}'"))}";
            if (tensor.DataType != TensorNames.WireType(spec.Type)) return $"its {what} '{spec.Name}' is {Encoding.ASCII.GetString(tensor.DataType.WireName())}, the bundle's is {spec.Type}";
        }
        return null;
    }
}
