using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Onnx;
using EdgeRuntime.Packaging.Passes;

namespace EdgeRuntime.Packaging.Linting;

/// <summary>A model as a lint sees it: its layers in bytes, whether they are written with conversions around float ops or with ops of whole numbers.</summary>
internal sealed class QuantizedGraph
{
    private readonly Lazy<IReadOnlyDictionary<string, ValueFact>> _facts;

    private QuantizedGraph(OnnxModel model)
    {
        View = new GraphView(model);
        Constants = new ByteConstants(View);
        Conversions = new Conversions(View, Constants);
        var (operators, floats) = (new OperatorLayers(View, Constants), new ConvertedLayers(View, Conversions));
        Layers = [.. View.Nodes.Select(node => operators.Of(node) ?? floats.Of(node)).OfType<QuantizedLayer>()];
        _facts = new(() => GraphFacts.Of(model));
    }

    public OnnxModel Model => View.Model;

    public GraphView View { get; }

    public ByteConstants Constants { get; }

    public Conversions Conversions { get; }

    /// <summary>In the graph's order.</summary>
    public IReadOnlyList<QuantizedLayer> Layers { get; }

    /// <summary>All values that are stored in bytes, weights and biases excepted, each once.</summary>
    public IEnumerable<ByteForm> Values => View.Nodes.Select(Conversions.Activation).OfType<ByteForm>()
        .Concat(Layers.Where(layer => layer.IsOperator).SelectMany(layer => layer.Output is { } output ? [.. layer.Inputs, output] : layer.Inputs)).DistinctBy(form => form.Name);

    /// <summary>Type and shape of a value, as ONNX Runtime infers them.</summary>
    /// <exception cref="PackagerException">ONNX Runtime does not open the model.</exception>
    public ValueFact Fact(string value) => _facts.Value.GetValueOrDefault(value);

    /// <param name="model">Is not changed.</param>
    public static QuantizedGraph Of(OnnxModel model)
    {
        var copy = model.Clone();
        new LiftConstants().Apply(copy);
        return new QuantizedGraph(copy);
    }

    public static string Label(NodeProto node) => $"{node.OpType} '{node.Label()}'";
}
