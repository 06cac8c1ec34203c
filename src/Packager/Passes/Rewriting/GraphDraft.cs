using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Onnx;

namespace EdgeRuntime.Packaging.Passes.Rewriting;

/// <summary>
/// A model's main graph while patches are applied to it. A patch costs what it touches, not what the graph holds; the model itself gets its
/// nodes and initializers in <see cref="Write"/>, once.
/// </summary>
internal sealed class GraphDraft
{
    private readonly List<NodeProto>[] _places;
    private readonly HashSet<TensorProto> _dropped = new(ReferenceEqualityComparer.Instance);
    private readonly List<TensorProto> _constants = [];

    public GraphDraft(OnnxModel model, IReadOnlyDictionary<string, ValueFact>? facts)
    {
        View = new GraphView(model, facts);
        _places = [.. model.Graph.Node.Select(node => new List<NodeProto> { node })];
    }

    /// <summary>Knows of every patch that was applied.</summary>
    public GraphView View { get; }

    /// <summary>One for each node that the graph had at first.</summary>
    public int Places => _places.Length;

    /// <summary>What stands there now, in order.</summary>
    public IReadOnlyList<NodeProto> At(int place) => _places[place];

    public void Apply(Patch patch)
    {
        Exchange(patch);
        foreach (var tensor in patch.Constants) View.Add(tensor);
        _constants.AddRange(patch.Constants);
        foreach (var (value, instead) in patch.Renamed) Rename(value, instead);
        foreach (var name in patch.Removed.SelectMany(node => node.Input)) DropUnread(name);
        foreach (var domain in patch.Added.Select(node => node.Domain).Where(domain => domain is not ("" or "ai.onnx"))) View.Model.Import(domain);
    }

    public void Write()
    {
        var graph = View.Model.Graph;
        List<TensorProto> kept = [.. graph.Initializer.Concat(_constants).Where(tensor => !_dropped.Contains(tensor))];
        graph.Initializer.Clear();
        graph.Initializer.AddRange(kept);
        graph.Node.Clear();
        graph.Node.AddRange(_places.SelectMany(nodes => nodes));
        graph.ValueInfo.Clear(); // it may tell of values that are gone
    }

    /// <summary>The added ones stand where the last removed one stood.</summary>
    private void Exchange(Patch patch)
    {
        var place = patch.Removed.Max(View.PositionOf);
        var nodes = _places[place];
        var at = 1 + patch.Removed.Where(node => View.PositionOf(node) == place).Max(nodes.IndexOf);
        nodes.InsertRange(at, patch.Added);
        foreach (var node in patch.Removed)
        {
            _places[View.PositionOf(node)].RemoveAll(other => ReferenceEquals(other, node));
            View.Remove(node);
        }
        foreach (var node in patch.Added) View.Add(node, place);
    }

    private void Rename(string value, string instead)
    {
        foreach (var reader in View.Consumers(value).ToList())
        {
            var place = View.PositionOf(reader);
            View.Remove(reader);
            for (var i = 0; i < reader.Input.Count; i++)
                if (reader.Input[i] == value) reader.Input[i] = instead;
            View.Add(reader, place);
        }
    }

    private void DropUnread(string name)
    {
        if (View.Constant(name) is not { } tensor || View.Consumers(name).Count > 0 || View.IsOutput(name) || View.IsCaptured(name)) return;
        _dropped.Add(tensor);
        View.Remove(tensor);
    }
}
