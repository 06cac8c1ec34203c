using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Onnx;
using EdgeRuntime.Packaging.Passes.Integers;
using EdgeRuntime.Packaging.Passes.Rewriting;

namespace EdgeRuntime.Packaging.Passes.Lowering;

// y = x W + b, x of two dimensions   ==>  y = Gemm(x, W, b)
// y = x W + b, x of more             ==>  y = Reshape(Gemm(Reshape(x, [-1, in]), W, b), shape of y)
/// <summary>
/// Says that a sum is a product's bias, so that both become one kernel of bytes. ONNX Runtime does the same with a MatMul of two dimensions, or whose sizes
/// are all known, and only after it was to be quantized: it would leave a Gemm of float with a float bias between conversions. Where a size varies it keeps
/// the product and the sum, which is faster still.
/// </summary>
internal sealed class ProductToGemm : IRewriteRule
{
    public string Name => "product-to-gemm";

    public RewriteResult Match(GraphView view, NodeProto node)
    {
        if (!node.Is("Add") || Sides(view, node) is not var (product, bias)) return RewriteResult.NoMatch;
        if (LinearLayer.Of(view, product, DynamicBytes.FewestWeights).Layer is not { } layer) return RewriteResult.NoMatch;
        if (!view.IsPrivateTo(product.Output[0], node)) return RewriteResult.Refuse($"'{product.Output[0]}' is read elsewhere too");
        if (view.Fact(layer.Input).Shape is not { Count: > 1 } shape) return RewriteResult.Refuse($"how many dimensions '{layer.Input}' has is not known");
        if (shape.Count > 2 && shape.Contains(-1)) return RewriteResult.Refuse($"a size of '{layer.Input}' varies, and ONNX Runtime keeps product and sum");
        return IsPerColumn(bias, layer, shape.Count)
            ? Gemm(view, node, layer, bias, shape)
            : RewriteResult.Refuse($"'{bias.Name}' of shape [{string.Join(',', bias.Dims)}] is not one number for each of {layer.Columns} columns");
    }

    private static (NodeProto Product, TensorProto Bias)? Sides(GraphView view, NodeProto sum)
    {
        foreach (var (value, constant) in new[] { (sum.Input[0], sum.Input[1]), (sum.Input[1], sum.Input[0]) })
            if (view.Producer(value) is { } product && product.Is("MatMul") && view.FloatConstant(constant) is { } bias) return (product, bias);
        return null;
    }

    private static bool IsPerColumn(TensorProto bias, LinearLayer layer, int rank) =>
        bias.Dims.Count > 0 && bias.Dims.Count <= rank && bias.Dims[^1] == layer.Columns && bias.Dims.SkipLast(1).All(size => size == 1);

    private static Patch Gemm(GraphView view, NodeProto sum, LinearLayer layer, TensorProto bias, IReadOnlyList<long> shape)
    {
        var output = sum.Output[0];
        var flat = TensorValues.Of(view.Fresh(output + "/bias"), [layer.Columns], TensorValues.Floats(view.Model, bias).AsSpan());
        if (shape.Count == 2) return Replaced([NodeFacts.Make("Gemm", [layer.Input, layer.Weights.Name, flat.Name], output)], [flat]);
        var rows = TensorValues.Of(view.Fresh(output + "/rows"), [2], new[] { -1L, layer.Depth }.AsSpan());
        var whole = TensorValues.Of(view.Fresh(output + "/shape"), [shape.Count], shape.SkipLast(1).Append(layer.Columns).ToArray().AsSpan());
        var (before, between) = (view.Fresh(layer.Input + "/rows"), view.Fresh(output + "/Gemm"));
        return Replaced(
            [NodeFacts.Make("Reshape", [layer.Input, rows.Name], before), NodeFacts.Make("Gemm", [before, layer.Weights.Name, flat.Name], between), NodeFacts.Make("Reshape", [between, whole.Name], output)],
            [flat, rows, whole]);

        Patch Replaced(IReadOnlyList<NodeProto> nodes, IReadOnlyList<TensorProto> constants) => new() { Removed = [layer.Node, sum], Added = nodes, Constants = constants };
    }
}
