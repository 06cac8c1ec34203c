using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Packaging.Export;
using EdgeRuntime.Packaging.Import;

namespace EdgeRuntime.Packaging.Graphs;

/// <summary>
/// Types and shapes of all values of a model's main graph, as ONNX Runtime infers them: it opens the model with every value as an output. It says
/// of a value whose rank it does not know what it says of a single number, that there are no dimensions: both count as unknown. Nothing
/// is known of sequences and whatever else is no tensor.
/// </summary>
internal static class GraphFacts
{
    /// <exception cref="PackagerException">ONNX Runtime does not open the model.</exception>
    public static IReadOnlyDictionary<string, ValueFact> Of(OnnxModel model)
    {
        try
        {
            using var opened = TemporaryModel.Exposing(model, model.Graph.Node.SelectMany(node => node.Output).Where(name => name.Length > 0), mapped: true);
            var facts = new Dictionary<string, ValueFact>(StringComparer.Ordinal);
            foreach (var value in opened.Session.Inputs.Concat(opened.Session.Outputs)) facts.TryAdd(value.Name, new ValueFact(value.Type, value.Shape.Count == 0 ? null : value.Shape));
            foreach (var tensor in model.Graph.Initializer) facts.TryAdd(tensor.Name, new ValueFact((ElementType)tensor.DataType, [.. tensor.Dims]));
            return facts;
        }
        catch (InferenceException error)
        {
            throw new PackagerException($"the types of its values cannot be found: {error.Message}", error);
        }
    }
}
