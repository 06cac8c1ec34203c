using EdgeRuntime.Packaging.Onnx;

namespace EdgeRuntime.Packaging.Import;

/// <summary>
/// A model as it was read: the protobuf tree, and where the bytes of those tensors are that it keeps outside. One owner; passes change a
/// <see cref="Clone"/>.
/// </summary>
internal sealed class OnnxModel(ModelProto proto, string origin)
{
    private Dictionary<TensorProto, TensorContent> _outside = new(ReferenceEqualityComparer.Instance);

    public ModelProto Proto { get; private set; } = proto;

    public GraphProto Graph => Proto.Graph;

    /// <summary>The file it came from, for messages.</summary>
    public string Origin { get; } = origin;

    /// <summary>The version of the default operator set.</summary>
    public long Opset => Proto.OpsetImport.First(import => import.Domain is "" or "ai.onnx").Version;

    /// <summary>Says that the model uses ops of another domain, version 1, where it does not say so yet.</summary>
    public void Import(string domain)
    {
        if (Proto.OpsetImport.All(import => import.Domain != domain)) Proto.OpsetImport.Add(new OperatorSetIdProto { Domain = domain, Version = 1 });
    }

    public TensorContent ContentOf(TensorProto tensor) =>
        _outside.TryGetValue(tensor, out var content) ? content : new InlineContent(TensorBytes.Of(tensor));

    /// <summary>Puts a tensor's bytes outside of the tree.</summary>
    public void PutOutside(TensorProto tensor, TensorContent content)
    {
        TensorBytes.Clear(tensor);
        _outside[tensor] = content;
    }

    public bool IsOutside(TensorProto tensor) => _outside.ContainsKey(tensor);

    /// <summary>Becomes what a changed clone is now; the clone must not be used any more.</summary>
    public void TakeOver(OnnxModel clone) => (Proto, _outside) = (clone.Proto, clone._outside);

    /// <summary>A copy that shares the bytes of outside tensors and nothing else.</summary>
    public OnnxModel Clone()
    {
        var copy = new OnnxModel(Proto.Clone(), Origin);
        foreach (var (mine, theirs) in GraphWalk.Tensors(Graph).Zip(GraphWalk.Tensors(copy.Graph)))
            if (_outside.TryGetValue(mine, out var content)) copy._outside[theirs] = content;
        return copy;
    }
}
