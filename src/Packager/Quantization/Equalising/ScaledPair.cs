using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Onnx;

namespace EdgeRuntime.Packaging.Quantization.Equalising;

// W2 f(W1 x + b1) = (W2 S) f(S^-1 W1 x + S^-1 b1)   for f with f(s y) = s f(y) where s > 0, channel by channel
/// <summary>Two convolutions between which the channels of a value can be scaled without a change to what comes out.</summary>
/// <param name="First">Makes the channels.</param>
/// <param name="Second">Alone reads them.</param>
internal sealed record ScaledPair(NodeProto First, NodeProto Second)
{
    private static readonly string[] Homogeneous = ["Relu", "LeakyRelu", "PRelu", "MaxPool", "AveragePool", "GlobalAveragePool"];

    /// <summary>The value that the second one reads.</summary>
    public string Value => Second.Input[0];

    /// <param name="view">The graph.</param>
    /// <param name="first">A node.</param>
    /// <returns>The pair that it begins, or why there is none; neither where it is no convolution, or another op is behind it.</returns>
    public static (ScaledPair? Pair, string? Reason) Of(GraphView view, NodeProto first)
    {
        if (!first.Is("Conv")) return default;
        var value = first.Output[0];
        while (true)
        {
            if (view.IsOutput(value)) return (null, $"'{value}' is an output of the graph");
            if (view.IsCaptured(value)) return (null, $"a subgraph reads '{value}'");
            if (view.OnlyReader(value) is not { } reader) return (null, $"'{value}' is not read by one node alone");
            if (reader.InputAt(0) != value || reader.Input.Count(input => input == value) != 1) return (null, $"{reader.OpType} '{reader.Label()}' reads '{value}' as a parameter");
            if (reader.Is("Conv")) return Checked(view, new ScaledPair(first, reader));
            if (!IsHomogeneous(view, reader)) return reader.Is("Clip") ? (null, $"Clip '{reader.Label()}' has a limit, which would be another for each channel") : default;
            value = reader.Output[0];
        }
    }

    private static (ScaledPair? Pair, string? Reason) Checked(GraphView view, ScaledPair pair)
    {
        foreach (var node in (NodeProto[])[pair.First, pair.Second])
        {
            if (view.FloatConstant(node.Input[1]) is not { Dims.Count: > 2 } weights || weights.Dims.Contains(0)) return (null, $"the weights of '{node.Label()}' are no float32 constant");
            if (!view.IsPrivateTo(weights.Name, node)) return (null, $"the weights '{weights.Name}' are read elsewhere too");
        }
        var bias = pair.First.InputAt(2);
        return bias.Length == 0 || view.FloatConstant(bias) is not null ? (pair, null) : (null, $"the bias of '{pair.First.Label()}' is no float32 constant");
    }

    private static bool IsHomogeneous(GraphView view, NodeProto node) =>
        node.Is(Homogeneous) && node.OutputAt(1).Length == 0 || node.Is("Clip") && view.Limit(node, 1, "min", float.NegativeInfinity) is 0 or float.NegativeInfinity && float.IsPositiveInfinity(view.Limit(node, 2, "max", float.PositiveInfinity));
}
