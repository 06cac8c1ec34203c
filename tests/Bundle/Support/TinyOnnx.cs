using System.Text;

namespace EdgeRuntime.Bundles.Tests.Support;

/// <summary>ONNX models of a few bytes, written field by field; enough for a reader of the wire format.</summary>
internal static class TinyOnnx
{
    /// <summary>A model with one Identity node of <paramref name="domain"/> and one tensor in external data.</summary>
    public static byte[] Model(string location, long offset, long length, string domain = "")
    {
        var tensor = Concat(Field(8, Text("w")), Field(13, Pair("location", location)), Field(13, Pair("offset", $"{offset}")), Field(13, Pair("length", $"{length}")));
        var node = Concat(Field(1, Text("x")), Field(2, Text("y")), Field(4, Text("Identity")), Field(7, Text(domain)));
        return Field(7, Concat(Field(1, node), Field(5, tensor)));
    }

    /// <summary>A model of one node.</summary>
    public static byte[] Operator(string type, string domain) => Field(7, Field(1, Concat(Field(2, Text("y")), Field(4, Text(type)), Field(7, Text(domain)))));

    /// <summary>The same tensor hidden in the subgraph of an attribute, <paramref name="depth"/> graphs deep.</summary>
    public static byte[] Nested(string location, int depth)
    {
        var graph = Field(5, Concat(Field(8, Text("w")), Field(13, Pair("location", location))));
        for (var i = 0; i < depth; i++) graph = Field(1, Field(5, Concat(Field(1, Text("body")), Field(6, graph))));
        return Field(7, graph);
    }

    public static byte[] Field(int number, byte[] content) => Concat(Varint((uint)(number << 3) | 2), Varint((uint)content.Length), content);

    private static byte[] Pair(string key, string value) => Concat(Field(1, Text(key)), Field(2, Text(value)));

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Concat(params byte[][] parts) => [.. parts.SelectMany(part => part)];

    private static byte[] Varint(uint value)
    {
        var bytes = new List<byte>();
        for (; value > 127; value >>= 7) bytes.Add((byte)(value | 128));
        bytes.Add((byte)value);
        return [.. bytes];
    }
}
