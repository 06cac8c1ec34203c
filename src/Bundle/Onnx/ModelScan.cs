using System.Globalization;

namespace EdgeRuntime.Bundles.Onnx;

/// <summary>
/// What a model.onnx from a bundle may hold, checked at install without loading it: external data only inside files of its own folder in the
/// bundle, operators only of known domains. Field numbers are those of the ONNX specification (onnx.proto).
/// </summary>
internal sealed class ModelScan
{
    public static readonly ByteCount MaximumModel = ByteCount.FromMebibytes(512);

    private const int MaximumDepth = 32;
    private const int ModelGraph = 7, ModelFunctions = 25, GraphNode = 1, GraphInitializer = 5, GraphSparse = 15;
    private const int NodeOperator = 4, NodeAttribute = 5, NodeDomain = 7, FunctionNode = 7;
    private const int AttributeTensor = 5, AttributeGraph = 6, AttributeTensors = 10, AttributeGraphs = 11, AttributeSparse = 22, AttributeSparses = 23;
    private const int TensorExternal = 13, TensorName = 8;

    private const string CompiledContext = "EPContext"; // a provider's engine, by path or in place

    private static readonly HashSet<string> Domains = new(StringComparer.Ordinal)
    {
        "", "ai.onnx", "ai.onnx.ml", "com.microsoft", "com.microsoft.nchwc", "com.microsoft.extensions", "ai.onnx.contrib",
    };

    private readonly string _entry;
    private readonly IReadOnlyDictionary<string, EntryInfo> _entries;
    private readonly HashSet<string> _functionDomains = new(StringComparer.Ordinal);

    private ModelScan(string entry, IReadOnlyDictionary<string, EntryInfo> entries) => (_entry, _entries) = (entry, entries);

    /// <param name="entry">The model's name in the bundle.</param>
    /// <param name="model">Its bytes.</param>
    /// <param name="entries">All entries of the bundle.</param>
    /// <exception cref="BundleException">The model reaches outside the bundle or asks for foreign operators.</exception>
    public static void Require(string entry, ReadOnlySpan<byte> model, IReadOnlyDictionary<string, EntryInfo> entries)
    {
        var scan = new ModelScan(entry, entries);
        scan.Functions(model);
        var graphs = 0;
        var reader = new ProtobufReader(model);
        while (reader.Next())
        {
            if (reader.Field == ModelGraph && ++graphs == 1) scan.Graph(reader.Bytes, 0);
            else if (reader.Field == ModelGraph) throw scan.Refused("has a second graph");
            if (reader.Field == ModelFunctions) scan.Nodes(reader.Bytes, FunctionNode, 0);
        }
        if (graphs == 0) throw scan.Refused("has no graph");
    }

    private void Functions(ReadOnlySpan<byte> model)
    {
        var reader = new ProtobufReader(model);
        while (reader.Next())
        {
            if (reader.Field != ModelFunctions) continue;
            var function = new ProtobufReader(reader.Bytes);
            while (function.Next())
                if (function.Field == 10) _functionDomains.Add(function.Text);
        }
    }

    private void Graph(ReadOnlySpan<byte> graph, int depth)
    {
        if (depth > MaximumDepth) throw Refused($"nests graphs deeper than {MaximumDepth}");
        Nodes(graph, GraphNode, depth);
        var reader = new ProtobufReader(graph);
        while (reader.Next())
        {
            if (reader.Field == GraphInitializer) Tensor(reader.Bytes);
            else if (reader.Field == GraphSparse) Sparse(reader.Bytes);
        }
    }

    private void Nodes(ReadOnlySpan<byte> owner, int field, int depth)
    {
        var reader = new ProtobufReader(owner);
        while (reader.Next())
            if (reader.Field == field) Node(reader.Bytes, depth);
    }

    private void Node(ReadOnlySpan<byte> node, int depth)
    {
        var reader = new ProtobufReader(node);
        while (reader.Next())
        {
            if (reader.Field == NodeAttribute) Attribute(reader.Bytes, depth);
            else if (reader.Field == NodeOperator && reader.Text == CompiledContext) throw Refused($"has an operator {CompiledContext}, which loads code that was compiled elsewhere");
            else if (reader.Field == NodeDomain && !Domains.Contains(reader.Text) && !_functionDomains.Contains(reader.Text))
                throw Refused($"has an operator of domain '{Identifier.Quote(reader.Text)}'; known are {string.Join(", ", Domains.Where(domain => domain.Length > 0))}");
        }
    }

    private void Attribute(ReadOnlySpan<byte> attribute, int depth)
    {
        var reader = new ProtobufReader(attribute);
        while (reader.Next())
        {
            if (reader.Field is AttributeTensor or AttributeTensors) Tensor(reader.Bytes);
            else if (reader.Field is AttributeGraph or AttributeGraphs) Graph(reader.Bytes, depth + 1);
            else if (reader.Field is AttributeSparse or AttributeSparses) Sparse(reader.Bytes);
        }
    }

    private void Sparse(ReadOnlySpan<byte> sparse)
    {
        var reader = new ProtobufReader(sparse);
        while (reader.Next())
            if (reader.Field is 1 or 2) Tensor(reader.Bytes);
    }

    private void Tensor(ReadOnlySpan<byte> tensor)
    {
        string name = "", location = "";
        long offset = 0, length = 0;
        var external = false;
        var reader = new ProtobufReader(tensor);
        while (reader.Next())
        {
            if (reader.Field == TensorName) name = reader.Text;
            if (reader.Field != TensorExternal) continue;
            external = true;
            var (key, value) = Pair(reader.Bytes);
            if (key == "location") location = value;
            else if (key == "offset") offset = Number(name, key, value);
            else if (key == "length") length = Number(name, key, value);
        }
        if (external) External(name, location, offset, length);
    }

    private void External(string name, string location, long offset, long length)
    {
        var folder = _entry[..(_entry.LastIndexOf('/') + 1)];
        if (location.Contains('/') || location.Contains('\\') || location is "" or "." or ".." || !_entries.TryGetValue(folder + location, out var info) || folder + location == _entry)
            throw Refused($"keeps tensor '{Identifier.Quote(name)}' in '{Identifier.Quote(location)}', which is no data file beside it in the bundle");
        if (offset > info.Size || length > info.Size - offset)
            throw Refused($"keeps tensor '{Identifier.Quote(name)}' in {length} bytes from {offset} on, '{location}' has {info.Size}");
    }

    private long Number(string tensor, string key, string value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Refused($"gives tensor '{Identifier.Quote(tensor)}' the {key} '{Identifier.Quote(value)}'");

    private static (string Key, string Value) Pair(ReadOnlySpan<byte> pair)
    {
        string key = "", value = "";
        var reader = new ProtobufReader(pair);
        while (reader.Next())
        {
            if (reader.Field == 1) key = reader.Text;
            else if (reader.Field == 2) value = reader.Text;
        }
        return (key, value);
    }

    private BundleException Refused(string why) => new(BundleError.ForbiddenContent, $"model '{_entry}' {why}");
}
