using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Onnx;
using static EdgeRuntime.Packaging.Onnx.AttributeProto.Types;
using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.Packaging.Passes;

// initializer w: float32  ==>  initializer w/float16;  w = Cast(w/float16, float32)
/// <summary>
/// Stores weights in half the bytes and computes as before: each is cast once, when the model is loaded and constants are folded. Float32 stay
/// those that <see cref="HalfRange"/> refuses, those that ops read while a model is loaded, small ones, and such as are inputs or outputs too.
/// </summary>
internal sealed class HalfWeights : IPass
{
    /// <summary>Bytes; below it a Cast node weighs more than what is saved.</summary>
    private const int Smallest = 1024;

    public string Name => "half-weights";

    public string? Apply(OnnxModel model)
    {
        var names = new NameSource(model);
        var bound = BoundNames(model);
        long before = 0, kept = 0;
        var casts = new List<NodeProto>();
        foreach (var tensor in model.Graph.Initializer.ToList())
        {
            if ((DataType)tensor.DataType != DataType.Float || bound.Contains(tensor.Name)) continue;
            var content = model.ContentOf(tensor);
            if (content.Length < Smallest) continue;
            if (HalfRange.Refusal(FloatScan.Of(content, tensor.DataType)) is not null)
            {
                kept++;
                continue;
            }
            before += content.Length;
            casts.Add(Halve(model, tensor, content, names));
        }
        for (var i = 0; i < casts.Count; i++) model.Graph.Node.Insert(i, casts[i]);
        return casts.Count == 0 ? null : $"{casts.Count} weights of {new ByteCount(before)} are stored as float16{(kept == 0 ? "" : $", {kept} out of its range stay float32")}";
    }

    private static NodeProto Halve(OnnxModel model, TensorProto tensor, TensorContent content, NameSource names)
    {
        var name = tensor.Name;
        tensor.Name = names.Fresh(name + "/float16");
        model.PutOutside(tensor, new HalfContent(content));
        tensor.DataType = (int)DataType.Float16;
        return new NodeProto
        {
            OpType = "Cast",
            Name = names.Fresh(name + "/Cast"),
            Input = { tensor.Name },
            Output = { name },
            Attribute = { new AttributeProto { Name = "to", Type = AttributeType.Int, I = (long)DataType.Float } },
        };
    }

    /// <summary>Initializers that must stay what they are under their name.</summary>
    private static HashSet<string> BoundNames(OnnxModel model)
    {
        var graph = model.Graph;
        var bound = graph.Input.Concat(graph.Output).Select(value => value.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var node in GraphWalk.Graphs(graph).SelectMany(inner => inner.Node))
            for (var i = 0; i < node.Input.Count; i++)
                if (FloatOps.KeepsInput(node, i)) bound.Add(node.Input[i]);
        return bound;
    }
}
