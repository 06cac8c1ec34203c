using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Onnx;

namespace EdgeRuntime.Packaging.Passes.Integers;

// y = x W + b  ==>  y = MatMulNBits(x, Wq, scales, zeros) + b
/// <summary>Stores constant matrices in 4 bits (or 8) a weight, with a scale and a zero point for each block; what flows between layers stays float.</summary>
internal sealed class BlockWeights(BlockOptions options) : IQuantizingPass
{
    public string Name => $"block-weights-{options.Bits}";

    public QuantizationReport? Quantization { get; private set; }

    public string? Apply(OnnxModel model)
    {
        var layers = LayerReplacement.Find(model, options.FewestWeights);
        var replacement = new LayerReplacement(model);
        var matrices = new Dictionary<(string, bool, float), string[]>();
        foreach (var layer in layers.Found)
        {
            if (!matrices.TryGetValue(layer.Matrix, out var stored)) matrices[layer.Matrix] = stored = Store(model, layer, replacement);
            replacement.Replace(layer, Nodes(layer, stored, replacement));
        }
        replacement.Finish();
        if (layers.Found.Count > 0) model.Import(GraphBuilder.RuntimeDomain);
        Quantization = layers.Quantization(options.Bits);
        return layers.Report($"stored in {options.Bits} bits, blocks of {options.Size}", "");
    }

    /// <returns>The names of bytes, scales and zero points.</returns>
    private string[] Store(OnnxModel model, LinearLayer layer, LayerReplacement names)
    {
        var blocks = NibbleBlocks.Of(layer.ColumnMajor(model), layer.Depth, options.Bits, options.Size);
        var stem = layer.Weights.Name;
        var bytes = names.Constant(TensorValues.Of(names.Fresh($"{stem}/int{options.Bits}"), [layer.Columns, blocks.Blocks, blocks.BytesPerBlock], blocks.Bytes));
        var scales = names.Constant(TensorValues.Of(names.Fresh(stem + "/scales"), [layer.Columns, blocks.Blocks], blocks.Scales));
        var zeros = names.Constant(TensorValues.Of(names.Fresh(stem + "/zeros"), [layer.Columns, blocks.ZerosPerColumn], blocks.Zeros));
        return [bytes, scales, zeros];
    }

    private List<NodeProto> Nodes(LinearLayer layer, string[] stored, LayerReplacement names)
    {
        var product = layer.Bias is null ? layer.Output : names.Fresh(layer.Output + "/MatMulNBits");
        var nodes = new List<NodeProto>
        {
            new()
            {
                OpType = "MatMulNBits",
                Domain = GraphBuilder.RuntimeDomain,
                Name = names.Fresh(layer.Node.Name + "/MatMulNBits"),
                Input = { layer.Input, stored },
                Output = { product },
                Attribute =
                {
                    GraphBuilder.Attribute("K", layer.Depth), GraphBuilder.Attribute("N", layer.Columns), GraphBuilder.Attribute("bits", options.Bits), GraphBuilder.Attribute("block_size", options.Size),
                    GraphBuilder.Attribute("accuracy_level", options.AccuracyLevel),
                },
            },
        };
        if (layer.Bias is { } bias) nodes.Add(new NodeProto { OpType = "Add", Name = names.Fresh(layer.Node.Name + "/Add"), Input = { product, bias }, Output = { layer.Output } });
        return nodes;
    }
}

/// <summary>How <see cref="BlockWeights"/> stores matrices.</summary>
internal sealed record BlockOptions
{
    /// <summary>4 or 8.</summary>
    public int Bits { get; init; } = 4;

    /// <summary>Weights that share a scale: 32 is nearest to float, 128 is a ninth smaller and faster to decode.</summary>
    public int Size { get; init; } = 32;

    /// <summary>ONNX Runtime's: 4 computes with inputs of 8 bits, which CPUs do fastest; 0 with floats.</summary>
    public int AccuracyLevel { get; init; }

    /// <summary>Smaller matrices are not worth it.</summary>
    public int FewestWeights { get; init; } = 4096;

    public static BlockOptions For(Target target) => new() { AccuracyLevel = target.Accelerator is null ? 4 : 0 };
}
