using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Packaging.Data;
using EdgeRuntime.Packaging.Evaluation;
using EdgeRuntime.Packaging.Export;
using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Onnx;
using Google.Protobuf;

namespace EdgeRuntime.Packaging.Passes.Simplifying;

// y = Op(constants)                    ==>  initializer y
// y = Shape(x), all sizes of x known   ==>  initializer y
/// <summary>
/// Computes once what depends on nothing, all of it in one run of ONNX Runtime. Left are chance, quantized weights (their DequantizeLinear is what
/// makes them small), nodes with subgraphs, outputs of the graph, and results over <see cref="Growth"/> times the constants that they come from.
/// </summary>
internal sealed class FoldConstants : IPass
{
    private const long Growth = 2, AlwaysFolded = 1 << 16;

    private static readonly HashSet<string> Left = new(StringComparer.Ordinal)
    {
        "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Multinomial", "Bernoulli", "Dropout",
        "QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear", "Constant",
    };

    public string Name => "fold-constants";

    public string? Apply(OnnxModel model)
    {
        var candidates = new Candidates(model);
        if (candidates.Wanted.Count == 0) return null;
        var results = Compute(candidates.Model());
        var folded = results.Where(result => result.Data.Length <= Math.Max(AlwaysFolded, Growth * candidates.Source(result.Name))).ToList();
        if (folded.Count > 0) Replace(model, folded);
        var large = results.Count == folded.Count ? "" : $"; left, being far larger than what they come from: {string.Join(", ", results.Except(folded).Select(result => $"'{result.Name}'"))}";
        return folded.Count == 0 && large.Length == 0 ? null : $"{folded.Count} values are computed once{large}";
    }

    private static IReadOnlyList<NamedArray> Compute(OnnxModel model)
    {
        try
        {
            using var opened = TemporaryModel.Open(model, mapped: true);
            using var context = opened.Session.CreateContext();
            SampleRun.On(context, opened.Session, new Sample("the constants", [], default), default);
            return SampleRun.Outputs(context, opened.Session);
        }
        catch (InferenceException error)
        {
            throw new PackagerException($"what depends on constants alone cannot be computed: {error.Message}", error);
        }
    }

    /// <summary>Who made the values loses them; a node goes with its last one.</summary>
    private static void Replace(OnnxModel model, IReadOnlyList<NamedArray> results)
    {
        var graph = model.Graph;
        var names = results.Select(result => result.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var node in graph.Node)
            for (var i = 0; i < node.Output.Count; i++)
                if (names.Contains(node.Output[i])) node.Output[i] = "";
        graph.Initializer.AddRange(results.Select(result =>
            new TensorProto { Name = result.Name, DataType = (int)result.Type, Dims = { result.Shape }, RawData = ByteString.CopyFrom(result.Data.AsSpan()) }));
        new DropDead().Apply(model);
        graph.ValueInfo.Clear();
    }

    /// <summary>The nodes that depend on constants alone, and which of their values others read.</summary>
    private sealed class Candidates
    {
        private readonly OnnxModel _model;
        private readonly GraphView _view;
        private readonly List<NodeProto> _nodes = [];
        private readonly List<TensorProto> _shapes = [];
        private readonly Dictionary<string, double> _sources = new(StringComparer.Ordinal);

        public Candidates(OnnxModel model)
        {
            (_model, _view) = (model, new GraphView(model, GraphFacts.Of(model)));
            foreach (var node in model.Graph.Node)
            {
                if (IsStaticShape(node)) AddShape(node);
                else if (IsConstant(node)) Add(node);
            }
            Wanted = [.. _sources.Keys.Where(value => _view.IsCaptured(value) || _view.Consumers(value).Any(reader => !reader.Output.Any(_sources.ContainsKey)))];
        }

        /// <summary>Values that something reads which is not constant.</summary>
        public IReadOnlyList<string> Wanted { get; }

        /// <summary>Bytes of the constants that a value comes from.</summary>
        public double Source(string value) => _sources[value];

        /// <summary>Computes what is wanted, and nothing else.</summary>
        public OnnxModel Model()
        {
            var graph = new GraphProto { Name = "constants", Node = { _nodes.Select(node => node.Clone()) } };
            var proto = new ModelProto { IrVersion = _model.Proto.IrVersion, OpsetImport = { _model.Proto.OpsetImport }, Graph = graph };
            var model = new OnnxModel(proto, _model.Origin);
            foreach (var name in _nodes.SelectMany(node => node.Input).Distinct(StringComparer.Ordinal))
                if (_view.Constant(name) is { } tensor) AddTensor(model, tensor);
            graph.Initializer.AddRange(_shapes);
            graph.Output.AddRange(Wanted.Select(value => new ValueInfoProto { Name = value }));
            return model;
        }

        private void AddTensor(OnnxModel model, TensorProto tensor)
        {
            var copy = new TensorProto { Name = tensor.Name, DataType = tensor.DataType, Dims = { tensor.Dims } };
            model.Graph.Initializer.Add(copy);
            model.PutOutside(copy, _model.ContentOf(tensor));
        }

        private bool IsStaticShape(NodeProto node) => node.Is("Shape", "Size") && !_view.IsOutput(node.Output[0]) && _view.Fact(node.Input[0]).IsStatic;

        /// <summary>The sizes are written down; an Identity of them stands for the node.</summary>
        private void AddShape(NodeProto node)
        {
            var shape = _view.Fact(node.Input[0]).Shape!;
            var content = node.OpType == "Size" ? [shape.Aggregate(1L, (product, size) => product * size)] : Range(shape, node);
            var sizes = TensorValues.Of(_view.Fresh(node.Output[0] + "/sizes"), node.OpType == "Size" ? [] : [content.Length], content);
            _shapes.Add(sizes);
            _nodes.Add(NodeFacts.Make("Identity", [sizes.Name], node.Output[0]));
            _sources[node.Output[0]] = 0;
        }

        private static long[] Range(IReadOnlyList<long> shape, NodeProto node)
        {
            var (start, end) = (At("start", 0), At("end", shape.Count));
            return [.. shape.Skip(start).Take(end - start)];

            int At(string name, long otherwise)
            {
                var at = node.Long(name, otherwise);
                return (int)Math.Clamp(at < 0 ? at + shape.Count : at, 0, shape.Count);
            }
        }

        private bool IsConstant(NodeProto node) =>
            node.Domain is "" or "ai.onnx" && !Left.Contains(node.OpType) && node.Input.Count > 0 && !GraphWalk.Subgraphs(node).Any()
            && node.Input.All(input => input.Length == 0 || _sources.ContainsKey(input) || _view.Constant(input) is not null)
            && node.Output.All(output => output.Length == 0 || !_view.IsOutput(output) && _view.Fact(output).Type is not 0 and var type && type.Size() > 0);

        private void Add(NodeProto node)
        {
            _nodes.Add(node);
            var source = node.Input.Sum(input => _sources.TryGetValue(input, out var bytes) ? bytes : _view.Constant(input) is { } tensor ? _model.ContentOf(tensor).Length : 0);
            foreach (var output in node.Output.Where(output => output.Length > 0)) _sources[output] = source;
        }
    }
}
