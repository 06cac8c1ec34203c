using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Packaging.Export;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Onnx;

namespace EdgeRuntime.Packaging.Graphs;

/// <summary>Types and shapes of all values of a model's main graph, as ONNX Runtime infers them: it opens the model with every value as an output.</summary>
internal static class GraphFacts
{
    /// <exception cref="PackagerException">ONNX Runtime does not open the model.</exception>
    public static IReadOnlyDictionary<string, ValueFact> Of(OnnxModel model)
    {
        var folder = Directory.CreateTempSubdirectory("edge-packager-facts-").FullName;
        try
        {
            var exposed = model.Clone();
            Expose(exposed.Graph);
            ModelExporter.Write(exposed, folder);
            using var session = PlainModel.Open(Path.Combine(folder, ModelExporter.ModelFile), new ExecutionOptions { Threads = 1 }, mapped: true);
            var facts = new Dictionary<string, ValueFact>(StringComparer.Ordinal);
            foreach (var value in session.Inputs.Concat(session.Outputs)) facts.TryAdd(value.Name, new ValueFact(value.Type, value.Shape));
            foreach (var tensor in model.Graph.Initializer) facts.TryAdd(tensor.Name, new ValueFact((ElementType)tensor.DataType, [.. tensor.Dims]));
            return facts;
        }
        catch (InferenceException error)
        {
            throw new PackagerException($"the types of its values cannot be found: {error.Message}", error);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Expose(GraphProto graph)
    {
        var known = graph.Output.Select(output => output.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var name in graph.Node.SelectMany(node => node.Output))
            if (name.Length > 0 && known.Add(name)) graph.Output.Add(new ValueInfoProto { Name = name });
    }
}
