using System.Runtime.InteropServices;
using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Onnx;
using Google.Protobuf;

namespace EdgeRuntime.Packaging.Passes.Opsets;

/// <summary>A node on its way to another version of its op, and what comes with it into its graph.</summary>
internal sealed class NodeUpgrade(ModelUpgrade model, NodeProto node, GraphProto graph, GraphScope scope)
{
    private readonly List<NodeProto> _before = [], _after = [];

    /// <summary>Is changed in its place.</summary>
    public NodeProto Node => node;

    /// <summary>What stands where the node stood, in an order in which it can run.</summary>
    public IReadOnlyList<NodeProto> Nodes => [.. _before, node, .. _after];

    public ValueFact Fact(string value) => scope.Fact(value);

    /// <summary>Null where the value is none that is known and stays so.</summary>
    public float[]? ConstantFloats(string value) => scope.ConstantFloats(value);

    public bool IsRead(string value) => model.IsRead(value);

    public string Fresh(string wish) => model.Names.Fresh(wish);

    /// <summary>Removes an attribute; null where there is none.</summary>
    public AttributeProto? Take(string name)
    {
        var attribute = node.Find(name);
        if (attribute is not null) node.Attribute.Remove(attribute);
        return attribute;
    }

    public void Set(AttributeProto attribute)
    {
        Take(attribute.Name);
        node.Attribute.Add(attribute);
    }

    /// <summary>Gives the node an input at a place; those not given before it stay so.</summary>
    public void SetInput(int place, string value)
    {
        while (node.Input.Count <= place) node.Input.Add("");
        node.Input[place] = value;
    }

    public void AddBefore(NodeProto other) => _before.Add(other);

    public void AddAfter(NodeProto other) => _after.Insert(0, other);

    /// <summary>Makes a list of whole numbers an input.</summary>
    public void SetLongs(int place, string purpose, IEnumerable<long> values)
    {
        long[] array = [.. values];
        SetInput(place, Add(TensorValues.Of(Name(purpose), [array.Length], array.AsSpan())));
    }

    public void SetFloats(int place, string purpose, IEnumerable<float> values)
    {
        float[] array = [.. values];
        SetInput(place, Add(TensorValues.Of(Name(purpose), [array.Length], array.AsSpan())));
    }

    /// <summary>Makes a number of a type an input.</summary>
    /// <returns>Why not; null where it went well.</returns>
    public string? SetNumber(int place, string purpose, float value, ElementType type)
    {
        if (Bytes(value, type) is not { } bytes) return $"the type of '{node.Input[0]}' is {(type == 0 ? "not known" : $"{type}")}, and its {purpose} has to be of that type";
        SetInput(place, Add(new TensorProto { Name = Name(purpose), DataType = (int)type, RawData = ByteString.CopyFrom(bytes) }));
        return null;
    }

    private static byte[]? Bytes(float value, ElementType type) => type switch
    {
        ElementType.Float32 => Bytes(value),
        ElementType.Float64 => Bytes((double)value),
        ElementType.Float16 => Bytes((Half)value),
        _ => null,
    };

    private static byte[] Bytes<T>(T value)
        where T : unmanaged => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)).ToArray();

    private string Name(string purpose) => Fresh($"{node.Output.First(output => output.Length > 0)}/{purpose}");

    private string Add(TensorProto tensor)
    {
        graph.Initializer.Add(tensor);
        return tensor.Name;
    }
}
