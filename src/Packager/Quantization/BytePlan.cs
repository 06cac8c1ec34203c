using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Onnx;
using EdgeRuntime.Packaging.Passes;
using EdgeRuntime.Packaging.Passes.Integers;

namespace EdgeRuntime.Packaging.Quantization;

/// <summary>What of a graph is computed in bytes: weighted nodes, and whatever stands between them and has a kernel.</summary>
internal sealed class BytePlan
{
    private readonly GraphView _view;
    private readonly Int8Rules _rules;
    private readonly IReadOnlySet<string> _excluded;
    private readonly List<ByteNode> _nodes = [];
    private readonly Dictionary<string, AffineView> _views = new(StringComparer.Ordinal);
    private readonly List<FloatLayer> _left = [];
    private readonly HashSet<string> _bare = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ByteNode> _bytes = new(StringComparer.Ordinal);
    private IReadOnlyDictionary<string, ValueFact>? _facts;
    private readonly HashSet<NodeProto> _absorbed = new(ReferenceEqualityComparer.Instance);

    private BytePlan(GraphView view, Int8Rules rules, IReadOnlySet<string> excluded) => (_view, _rules, _excluded) = (view, rules, excluded);

    /// <summary>In the graph's order.</summary>
    public IReadOnlyList<ByteNode> Nodes => _nodes;

    /// <summary>By their value.</summary>
    public IReadOnlyDictionary<string, AffineView> Views => _views;

    /// <summary>Layers that stay float, and why.</summary>
    public IReadOnlyList<FloatLayer> Left => _left;

    /// <summary>Outputs of layers in bytes that are float: what is added to another value before it is quantized, and products that more than layers read.</summary>
    public IReadOnlySet<string> Bare => _bare;

    /// <param name="view">The graph.</param>
    /// <param name="rules">The target's.</param>
    /// <param name="excluded">Outputs of nodes that must stay float.</param>
    public static BytePlan Of(GraphView view, Int8Rules rules, IReadOnlySet<string> excluded)
    {
        var plan = new BytePlan(view, rules, excluded);
        foreach (var node in view.Nodes) plan.Place(node);
        plan.DropIdle();
        return plan;
    }

    /// <summary>Whether the value comes in bytes.</summary>
    public bool IsInBytes(string value) => _bytes.ContainsKey(value) || _views.ContainsKey(value);

    private bool ClipsAtZero => !_rules.SymmetricActivations;

    private void Place(NodeProto node)
    {
        if (_absorbed.Contains(node) || Read(node)) return;
        if (ByteOps.FormOf(node) is not { } form || !_rules.QuantizedOps.Contains(node.OpType)) return;
        if (Objection(node, form) is { } reason)
        {
            if (form is KernelForm.Weighted or KernelForm.Product) _left.Add(new FloatLayer(node.Label(), node.OpType, reason));
            return;
        }
        var made = new ByteNode(node, form, form is KernelForm.Weighted or KernelForm.Product or KernelForm.Pointwise or KernelForm.Unary && ClipsAtZero ? ByteNode.Absorbed(_view, node.Output[0]) : null);
        if (form == KernelForm.Product && !FeedsLayers(made.Output))
        {
            _bare.Add(node.Output[0]);
            _nodes.Add(made with { Activation = null });
            return;
        }
        if (made.Activation is { } activation) _absorbed.Add(activation);
        if (_rules.QuantizeIdentityBranchOnly && node.Is("Add")) KeepBranch(node);
        _bytes[made.Output] = made;
        _nodes.Add(made);
    }

    /// <summary>One side of a residual sum comes right out of its convolution, which then adds the other side by itself.</summary>
    private void KeepBranch(NodeProto sum)
    {
        if (sum.Input.LastOrDefault(input => _bytes.TryGetValue(input, out var made) && made.Form == KernelForm.Weighted && _view.IsPrivateTo(input, sum)) is not { } branch) return;
        _bytes.Remove(branch);
        _bare.Add(branch);
    }

    /// <summary>Whether the node is another reading of bytes. One whose result is clipped is not: the clip wants bytes of its own; nor one that is joined, where what is joined must have one scale.</summary>
    private bool Read(NodeProto node)
    {
        if (AffineView.Step(_view, node, ClipsAtZero) is not var (value, factor, offset) || !IsInBytes(value)) return false;
        if (ClipsAtZero && ByteNode.Absorbed(_view, node.Output[0]) is not null) return false;
        if (_rules.SharedConcatScales && _view.Consumers(node.Output[0]).Any(reader => ByteOps.FormOf(reader) is KernelForm.Join or KernelForm.Carrier)) return false;
        var (root, first, shift) = _views.TryGetValue(value, out var known) ? (known.Root, known.Factor, known.Offset) : (value, 1, 0);
        if (shift * factor + offset != 0 && _bytes[root].Form is KernelForm.Carrier or KernelForm.Bounded) return false; // its range is not chosen so that the new zero has a byte
        _views[node.Output[0]] = new AffineView(node, root, first * factor, shift * factor + offset);
        return true;
    }

    private string? Objection(NodeProto node, KernelForm form)
    {
        if (_excluded.Contains(node.Output[0])) return "kept float for its error";
        if (form == KernelForm.Product) return Matrix(node);
        if (node.Output.Any(_view.IsOutput)) return "its output is the graph's";
        if (node.Output.Any(_view.IsCaptured)) return "a subgraph reads its output";
        if (node.Output.Skip(1).Any(output => output.Length > 0)) return "it has a second output";
        if (form == KernelForm.Weighted) return Weights(node);
        var operands = new ByteNode(node, form, null).Operands.ToList();
        return operands.TrueForAll(operand => IsInBytes(operand) || form is KernelForm.Pointwise or KernelForm.Join && IsNumbers(operand)) && operands.Exists(IsInBytes) ? null : "an input is float";
    }

    private string? Weights(NodeProto node)
    {
        if (_view.FloatConstant(node.Input[1]) is not { Dims.Count: > 2 } weights) return "its weights are no float32 constant";
        if (weights.Dims[0] < _rules.MinConvChannels || weights.Dims[1] * node.Long("group", 1) < _rules.MinConvChannels)
            return $"it has {weights.Dims[0]} channels of {weights.Dims[1] * node.Long("group", 1)}, the target wants at least {_rules.MinConvChannels}";
        return node.InputAt(2).Length > 0 && _view.FloatConstant(node.Input[2]) is null ? "its bias is no float32 constant" : null;
    }

    private string? Matrix(NodeProto node)
    {
        var (layer, reason) = LinearLayer.Of(_view, node, DynamicBytes.FewestWeights);
        if (layer is null) return reason ?? "its weights are in bytes already";
        if (layer.Bias is { } bias && (_view.FloatConstant(bias) is not { } tensor || tensor.Dims.LastOrDefault() != layer.Columns || tensor.Dims.SkipLast(1).Any(size => size != 1))) return "its bias is no float32 constant of a number a column";
        if (!_rules.AvoidMatrixVector || (_facts ??= GraphFacts.Of(_view.Model)).GetValueOrDefault(node.Output[0]).Shape is not { } shape) return null;
        return shape is [1] or [.., 1] or [.., 1, _] ? $"a product of [{string.Join(',', shape)}] is one of a matrix and a vector" : null;
    }

    /// <summary>
    /// Whether layers alone read a value, if through ops that move bytes: then a product gives bytes. Sums, norms and gates read float, as they do in
    /// transformers, and bytes in between would cost two conversions.
    /// </summary>
    private bool FeedsLayers(string value) =>
        !_view.IsOutput(value) && !_view.IsCaptured(value) && _view.Consumers(value) is { Count: > 0 } readers && readers.All(reader => TakesBytes(reader, value));

    private bool TakesBytes(NodeProto reader, string value) => _rules.QuantizedOps.Contains(reader.OpType) && reader.Input[0] == value && ByteOps.FormOf(reader) switch
    {
        KernelForm.Weighted or KernelForm.Product => Objection(reader, ByteOps.FormOf(reader)!.Value) is null,
        KernelForm.Carrier => reader.Output.Count == 1 && FeedsLayers(reader.Output[0]),
        _ => false,
    };

    private bool IsNumbers(string value) => _view.FloatConstant(value) is { } tensor && !tensor.Dims.Contains(0);

    /// <summary>Moving bytes serves only who reads bytes: else float is moved, and what made it need not be converted.</summary>
    private void DropIdle()
    {
        for (var i = _nodes.Count - 1; i >= 0; i--)
        {
            var node = _nodes[i];
            if (node.Form is not (KernelForm.Carrier or KernelForm.Join) || IsReadInBytes(node.Output)) continue;
            foreach (var (value, _) in _views.Where(view => view.Value.Root == node.Output).ToList()) _views.Remove(value);
            _bytes.Remove(node.Output);
            _nodes.RemoveAt(i);
        }
    }

    private bool IsReadInBytes(string value) =>
        _nodes.Exists(node => node.Operands.Contains(value)) || _views.Any(view => view.Value.Root == value && _nodes.Exists(node => node.Operands.Contains(view.Key)));
}
