using System.Globalization;
using System.Text;

namespace EdgeRuntime.Inference.Specialisation;

/// <summary>
/// Walks an ONNX model's bytes and moves its external data: each tensor's extent, and each blob of packed weights that ONNX
/// Runtime noted beside it, goes through a mapping. Everything else is copied byte for byte, unknown fields included.
/// </summary>
/// <param name="place">Where an extent is to be from now on; called in the order of the file.</param>
/// <param name="keepPrepacked">Whether the notes of packed weights stay.</param>
internal sealed class ExternalDataRewriter(Func<Extent, bool, Extent> place, string location, bool keepPrepacked)
{
    // Field numbers of onnx.proto.
    private const int ModelGraph = 7, GraphNode = 1, GraphInitializer = 5, NodeAttribute = 5;
    private const int AttributeTensor = 5, AttributeGraph = 6, AttributeTensors = 10, AttributeGraphs = 11;
    private const int TensorExternalData = 13, EntryKey = 1, EntryValue = 2;
    private const int MaximumDepth = 64;
    private const string PrepackedPrefix = "prepacked_";

    private enum Kind { Model, Graph, Node, Attribute, Tensor }

    /// <summary>The model with its external data moved.</summary>
    /// <exception cref="InferenceException">The bytes are no model, or an entry is malformed.</exception>
    public byte[] Rewrite(ReadOnlySpan<byte> model) => Walk(model, Kind.Model, 0).ToArray();

    private ReadOnlySpan<byte> Walk(ReadOnlySpan<byte> message, Kind kind, int depth)
    {
        if (depth > MaximumDepth) throw Invalid($"nests deeper than {MaximumDepth} levels");
        if (kind == Kind.Tensor) return Tensor(message);
        var writer = new ProtoWriter();
        var reader = new ProtoReader(message);
        while (reader.Read())
        {
            if (reader.WireType == ProtoReader.Message && Child(kind, reader.Field) is { } child)
                writer.Message(reader.Field, Walk(reader.Content, child, depth + 1));
            else
                writer.Raw(reader.Whole);
        }
        return writer.Written;
    }

    private static Kind? Child(Kind kind, int field) => (kind, field) switch
    {
        (Kind.Model, ModelGraph) => Kind.Graph,
        (Kind.Graph, GraphNode) => Kind.Node,
        (Kind.Graph, GraphInitializer) => Kind.Tensor,
        (Kind.Node, NodeAttribute) => Kind.Attribute,
        (Kind.Attribute, AttributeTensor or AttributeTensors) => Kind.Tensor,
        (Kind.Attribute, AttributeGraph or AttributeGraphs) => Kind.Graph,
        _ => null,
    };

    private ReadOnlySpan<byte> Tensor(ReadOnlySpan<byte> tensor)
    {
        var entries = new List<(string Key, string Value)>();
        var writer = new ProtoWriter();
        var reader = new ProtoReader(tensor);
        while (reader.Read())
        {
            if (reader.Field == TensorExternalData && reader.WireType == ProtoReader.Message) entries.Add(Entry(reader.Content));
            else writer.Raw(reader.Whole);
        }
        if (entries.Count == 0) return tensor;
        foreach (var (key, value) in Moved(entries)) Write(writer, key, value);
        return writer.Written;
    }

    private IEnumerable<(string Key, string Value)> Moved(List<(string Key, string Value)> entries)
    {
        var moved = place(new Extent(Number(entries, "offset"), Number(entries, "length")), false);
        yield return ("location", location);
        yield return ("offset", Text(moved.Offset));
        yield return ("length", Text(moved.Length));
        if (!keepPrepacked) yield break;
        foreach (var (key, value) in entries)
        {
            if (key.StartsWith(PrepackedPrefix, StringComparison.Ordinal)) yield return (key, MovedBlobs(value));
        }
    }

    // KERNEL+HASH|offset;length;checksum[|offset;length;checksum]...
    private string MovedBlobs(string note)
    {
        string[] parts = note.Split('|');
        for (int i = 1; i < parts.Length; i++)
        {
            string[] numbers = parts[i].Split(';');
            if (numbers.Length < 2) throw Invalid($"has the malformed note of packed weights '{note}'");
            var moved = place(new Extent(Number(numbers[0]), Number(numbers[1])), true);
            numbers[0] = Text(moved.Offset);
            parts[i] = string.Join(';', numbers);
        }
        return string.Join('|', parts);
    }

    private static (string Key, string Value) Entry(ReadOnlySpan<byte> entry)
    {
        string key = "", value = "";
        var reader = new ProtoReader(entry);
        while (reader.Read())
        {
            if (reader.Field == EntryKey) key = Encoding.UTF8.GetString(reader.Content);
            if (reader.Field == EntryValue) value = Encoding.UTF8.GetString(reader.Content);
        }
        return (key, value);
    }

    private static void Write(ProtoWriter writer, string key, string value)
    {
        var entry = new ProtoWriter();
        entry.Text(EntryKey, key);
        entry.Text(EntryValue, value);
        writer.Message(TensorExternalData, entry.Written);
    }

    private static long Number(List<(string Key, string Value)> entries, string key)
    {
        foreach (var entry in entries)
        {
            if (entry.Key == key) return Number(entry.Value);
        }
        throw Invalid($"has external data without '{key}'");
    }

    private static long Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
        ? number
        : throw Invalid($"has external data at '{text}', which is no number");

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static InferenceException Invalid(string what) => new(InferenceError.ModelInvalid, $"the specialised model {what}");
}
