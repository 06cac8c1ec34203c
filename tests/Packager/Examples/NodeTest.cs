using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Onnx;
using EdgeRuntime.TestKit;
using Google.Protobuf;

namespace EdgeRuntime.Packaging.Tests.Examples;

/// <summary>One of ONNX's own tests of its ops: a model, inputs, and what it has to answer.</summary>
internal sealed record NodeTest(string Name, ModelProto Model, IReadOnlyList<NamedArray> Inputs, IReadOnlyList<NamedArray> Expected)
{
    /// <summary>What the names of <see cref="WithWeights"/> end in.</summary>
    public const string Weights = " with weights";

    private static readonly HashSet<string> Chance = ["RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Bernoulli", "Multinomial"];

    /// <summary>Why it cannot be used, whatever ONNX Runtime makes of it; null where it can.</summary>
    public string? Refusal =>
        Model.Graph.Node.FirstOrDefault(node => Chance.Contains(node.OpType)) is { } chance ? $"{chance.OpType} answers by chance"
        : Model.OpsetImport.First(import => import.Domain is "" or "ai.onnx").Version is var opset && opset < ModelImporter.OldestOpset ? $"opset {opset} is not imported"
        : null;

    public static IEnumerable<string> Folders => Directory.EnumerateDirectories(RepositoryPaths.OnnxNodeTests).Order(StringComparer.Ordinal);

    public static IReadOnlyList<string> Ops(string folder) => [.. Read(folder).Graph.Node.Select(node => node.OpType)];

    /// <exception cref="Exception">It takes or gives something other than tensors of numbers.</exception>
    public static NodeTest Load(string folder)
    {
        var model = Read(folder);
        var data = Path.Combine(folder, "test_data_set_0");
        return new NodeTest(Path.GetFileName(folder), model, Arrays(data, "input", model.Graph.Input), Arrays(data, "output", model.Graph.Output));
    }

    /// <summary>The same with all inputs but the first as initializers, as the weights of a model are: passes have more to do there.</summary>
    public NodeTest WithWeights()
    {
        var model = Model.Clone();
        foreach (var input in Inputs.Skip(1))
        {
            model.Graph.Input.Remove(model.Graph.Input.Single(value => value.Name == input.Name));
            model.Graph.Initializer.Add(new TensorProto { Name = input.Name, DataType = (int)input.Type, Dims = { input.Shape }, RawData = ByteString.CopyFrom(input.Data) });
        }
        return this with { Name = Name + Weights, Model = model, Inputs = [Inputs[0]] };
    }

    private static ModelProto Read(string folder) => ModelProto.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(folder, "model.onnx")));

    private static IReadOnlyList<NamedArray> Arrays(string folder, string kind, IReadOnlyList<ValueInfoProto> values) => [.. values.Select((value, place) =>
    {
        if (value.Type.TensorType is null) throw new InvalidDataException($"'{value.Name}' is no tensor");
        var tensor = TensorProto.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(folder, $"{kind}_{place}.pb")));
        return new NamedArray(value.Name, (ElementType)tensor.DataType, [.. tensor.Dims], TensorBytes.Of(tensor).ToArray());
    })];
}
