using EdgeRuntime.Packaging.Onnx;

namespace EdgeRuntime.Packaging.Graphs;

/// <summary>Reads a node's attributes, and makes nodes.</summary>
internal static class NodeFacts
{
    /// <summary>Whether it is one of these ops of the standard domain.</summary>
    public static bool Is(this NodeProto node, params ReadOnlySpan<string> ops) => node.Domain is "" or "ai.onnx" && ops.Contains(node.OpType);

    public static AttributeProto? Find(this NodeProto node, string name) => node.Attribute.FirstOrDefault(attribute => attribute.Name == name);

    public static long Long(this NodeProto node, string name, long otherwise) => node.Find(name) is { } attribute ? attribute.I : otherwise;

    public static float Float(this NodeProto node, string name, float otherwise) => node.Find(name) is { } attribute ? attribute.F : otherwise;

    /// <summary>Null where the node has no such attribute.</summary>
    public static IReadOnlyList<long>? Longs(this NodeProto node, string name) => node.Find(name)?.Ints;

    /// <summary>The name at a place; empty where the optional input is not given.</summary>
    public static string InputAt(this NodeProto node, int index) => index < node.Input.Count ? node.Input[index] : "";

    /// <inheritdoc cref="InputAt"/>
    public static string OutputAt(this NodeProto node, int index) => index < node.Output.Count ? node.Output[index] : "";

    /// <summary>Its name; that of its output where it has none.</summary>
    public static string Label(this NodeProto node) => node.Name.Length > 0 ? node.Name : node.OutputAt(0);

    /// <summary>The node with other inputs and outputs. Attributes are the very same, since tensors outside the tree are known by their identity.</summary>
    public static NodeProto With(this NodeProto node, IEnumerable<string> inputs, IEnumerable<string> outputs) => new()
    {
        OpType = node.OpType,
        Domain = node.Domain,
        Name = node.Name,
        Input = { inputs },
        Output = { outputs },
        Attribute = { node.Attribute },
    };

    /// <summary>A node of one output, which has the output's name and the op's.</summary>
    public static NodeProto Make(string op, IEnumerable<string> inputs, string output, params ReadOnlySpan<AttributeProto> attributes)
    {
        var node = new NodeProto { OpType = op, Name = $"{output}/{op}", Input = { inputs }, Output = { output } };
        foreach (var attribute in attributes) node.Attribute.Add(attribute);
        return node;
    }
}
