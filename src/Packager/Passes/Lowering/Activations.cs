using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Onnx;

namespace EdgeRuntime.Packaging.Passes.Lowering;

/// <summary>The nodes and constants of an activation in simpler ops.</summary>
internal sealed class Activations(GraphView view)
{
    public List<NodeProto> Nodes { get; } = [];

    public List<TensorProto> Constants { get; } = [];

    /// <summary>Whether a value comes out of a convolution, with nothing between that would not be folded into it.</summary>
    public static bool IsQuantized(GraphView view, string value)
    {
        var node = view.Producer(value);
        while (node is not null && node.Is("BatchNormalization", "Mul", "Add", "Clip")) node = view.Producer(node.Input[0]) ?? (node.Is("Mul", "Add") ? view.Producer(node.Input[1]) : null);
        return node is not null && node.Is("Conv");
    }

    public string Binary(string op, string value, float number, string wish) => Make(op, [value, Constant(number, wish)], view.Fresh($"{wish}/{op}"));

    public string Product(string left, string right, string wish) => Make("Mul", [left, right], view.Fresh($"{wish}/product"));

    /// <summary>As <see cref="Binary"/>, with a result of that name.</summary>
    public void Last(string op, string value, float number, string output) => Make(op, [value, Constant(number, output)], output);

    public string Clip(string value, float least, float most, string wish)
    {
        List<string> inputs = [value, Constant(least, wish)];
        if (float.IsFinite(most)) inputs.Add(Constant(most, wish));
        return Make("Clip", inputs, view.Fresh($"{wish}/Clip"));
    }

    private string Make(string op, IEnumerable<string> inputs, string output)
    {
        Nodes.Add(NodeFacts.Make(op, inputs, output));
        return output;
    }

    private string Constant(float number, string wish)
    {
        var tensor = TensorValues.Of(view.Fresh($"{wish}/{number:g3}"), [], [number]);
        Constants.Add(tensor);
        return tensor.Name;
    }
}
