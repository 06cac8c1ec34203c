using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Packaging.Export;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Onnx;

namespace EdgeRuntime.Packaging.Passes;

/// <summary>The element types of all values of a model's main graph, as ONNX Runtime infers them: it opens the model with every value as an output.</summary>
internal static class ValueTypes
{
    public static IReadOnlyDictionary<string, ElementType> Of(OnnxModel model)
    {
        var folder = Directory.CreateTempSubdirectory("edge-packager-types-").FullName;
        try
        {
            var exposed = model.Clone();
            Expose(exposed.Graph);
            ModelExporter.Write(exposed, folder);
            using var session = PlainModel.Open(Path.Combine(folder, ModelExporter.ModelFile), new ExecutionOptions { Threads = 1 }, mapped: true);
            return session.Inputs.Concat(session.Outputs).Concat(Initializers(model)).DistinctBy(value => value.Name).ToDictionary(value => value.Name, value => value.Type, StringComparer.Ordinal);
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

    private static IEnumerable<TensorSpec> Initializers(OnnxModel model) =>
        model.Graph.Initializer.Select(tensor => new TensorSpec { Name = tensor.Name, Type = (ElementType)tensor.DataType, Shape = [] });
}
