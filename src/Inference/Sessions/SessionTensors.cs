using EdgeRuntime.Bundles;
using Microsoft.ML.OnnxRuntime;

namespace EdgeRuntime.Inference.Sessions;

/// <summary>What a session itself says of its inputs and outputs, for graphs that no manifest describes.</summary>
internal static class SessionTensors
{
    public static IReadOnlyList<TensorSpec> Inputs(InferenceSession session) => Of(session.InputNames, session.InputMetadata);

    public static IReadOnlyList<TensorSpec> Outputs(InferenceSession session) => Of(session.OutputNames, session.OutputMetadata);

    /// <summary>As <see cref="Outputs"/>, of those that are tensors; a model may have sequences, maps and optional values among them.</summary>
    public static IReadOnlyList<TensorSpec> TensorOutputs(InferenceSession session) => Of([.. session.OutputNames.Where(name => session.OutputMetadata[name].IsTensor)], session.OutputMetadata);

    private static TensorSpec[] Of(IReadOnlyList<string> names, IReadOnlyDictionary<string, NodeMetadata> metadata) =>
        [.. names.Select(name => Of(name, metadata[name]))];

    private static TensorSpec Of(string name, NodeMetadata node) => node.IsTensor
        ? new TensorSpec { Name = name, Type = (ElementType)(int)node.ElementDataType, Shape = [.. node.Dimensions.Select(size => (long)size)] }
        : throw new InferenceException(InferenceError.TypeMismatch, $"'{name}' is no tensor");
}
