using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Onnx;

namespace EdgeRuntime.Packaging.Passes.Integers;

/// <summary>The linear layers of a model's main graph.</summary>
/// <param name="Found">In the graph's order.</param>
/// <param name="Left">Products that stay as they are, each with the reason.</param>
internal sealed record FoundLayers(IReadOnlyList<LinearLayer> Found, IReadOnlyList<FloatLayer> Left)
{
    /// <param name="bits">Of a weight.</param>
    /// <param name="narrow">Of each layer, how many columns got a bit less.</param>
    public QuantizationReport Quantization(int bits, IReadOnlyList<int>? narrow = null) => new()
    {
        Layers = [.. Found.Select((layer, at) => new ReportedLayer(layer.Node.Label(), layer.Node.OpType, narrow?[at] > 0 ? bits - 1 : bits, narrow?[at] ?? 0))],
        LeftFloat = Left,
    };

    /// <exception cref="PackagerException">There is no layer: the variant would be its parent again.</exception>
    public string Report(string did, string more)
    {
        if (Found.Count == 0) throw new PackagerException($"no MatMul or Gemm to change{(Left.Count == 0 ? "" : $": {string.Join("; ", Left)}")}");
        return $"{Found.Count} products with constant matrices are {did}{more}{(Left.Count == 0 ? "" : $"; left float: {string.Join("; ", Left)}")}";
    }
}

/// <summary>Puts other nodes in the place of linear layers, and drops the weights that nobody reads any more.</summary>
internal sealed class LayerReplacement(OnnxModel model)
{
    private readonly NameSource _names = new(model);
    private readonly Dictionary<NodeProto, IReadOnlyList<NodeProto>> _replaced = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<string> _constants = new(StringComparer.Ordinal);

    public static FoundLayers Find(OnnxModel model, int fewestWeights)
    {
        var (found, left) = (new List<LinearLayer>(), new List<FloatLayer>());
        var view = new GraphView(model);
        foreach (var node in model.Graph.Node)
        {
            var (layer, reason) = LinearLayer.Of(view, node, fewestWeights);
            if (layer is not null) found.Add(layer);
            else if (reason is not null) left.Add(new FloatLayer(node.Label(), node.OpType, reason));
        }
        return new FoundLayers(found, left);
    }

    public string Fresh(string wish) => _names.Fresh(wish);

    /// <summary>Its name.</summary>
    public string Constant(TensorProto tensor)
    {
        model.Graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    public void Replace(LinearLayer layer, IReadOnlyList<NodeProto> nodes)
    {
        _replaced[layer.Node] = nodes;
        _constants.Add(layer.Weights.Name);
    }

    public void Finish()
    {
        var nodes = model.Graph.Node.SelectMany(node => _replaced.TryGetValue(node, out var others) ? others : [node]).ToList();
        model.Graph.Node.Clear();
        model.Graph.Node.AddRange(nodes);
        var view = new GraphView(model);
        foreach (var tensor in model.Graph.Initializer.Where(tensor => _constants.Contains(tensor.Name)).ToList())
            if (view.Consumers(tensor.Name).Count == 0 && !view.IsOutput(tensor.Name) && !view.IsCaptured(tensor.Name)) model.Graph.Initializer.Remove(tensor);
    }
}
