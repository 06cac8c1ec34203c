using System.Text;
using System.Text.Json.Nodes;

namespace EdgeRuntime.Bundles.Tests.Fuzz;

/// <summary>Changes of bytes, and of JSON that stays JSON; all by the given chance.</summary>
internal static class Mutation
{
    private static readonly byte[] Telling = [0, 1, 2, 0x7f, 0x80, 0xff, (byte)'"', (byte)'{', (byte)'[', (byte)',', (byte)'\\', (byte)'/', (byte)'.'];

    private static readonly string[] Values =
    [
        "null", "true", "0", "-1", "1", "2147483648", "9223372036854775807", "18446744073709551616", "1e999", "-0.0", "1e-400", "\"\"", "\"a\"", "\"../x\"",
        "\"/etc/passwd\"", "\"labels.txt\"", "\"\\u0000\"", "\"\\ud800\"", "\"INT8\"", "\"x86-avx2\"", "[]", "{}", "[null]", "[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]", "{\"a\":{}}",
    ];

    public static byte[] Bytes(Random random, byte[] source)
    {
        var bytes = source.ToList();
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var at = random.Next(bytes.Count + 1);
            var count = Math.Min(random.Next(1, 9), bytes.Count - at);
            switch (random.Next(5))
            {
                case 0 when at < bytes.Count: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1 when at < bytes.Count: bytes[at] = Telling[random.Next(Telling.Length)]; break;
                case 2: bytes.Insert(at, Telling[random.Next(Telling.Length)]); break;
                case 3: bytes.RemoveRange(at, count); break;
                default: bytes.InsertRange(at, bytes.GetRange(at, count)); break;
            }
        }
        return [.. bytes];
    }

    /// <summary>One to three values replaced, removed or added; now and then a member twice, or bytes changed after all.</summary>
    public static byte[] Json(Random random, byte[] source)
    {
        var root = JsonNode.Parse(source)!;
        for (var times = random.Next(1, 4); times > 0; times--) Change(random, Pick(random, root));
        var text = root.ToJsonString();
        if (random.Next(8) == 0) text = text.Replace("\"7\"", Values[random.Next(Values.Length)], StringComparison.Ordinal);
        if (random.Next(8) == 0) text = text.Insert(1, "\"name\":\"twice\",");
        var bytes = Encoding.UTF8.GetBytes(text);
        return random.Next(8) == 0 ? Bytes(random, bytes) : bytes;
    }

    private static JsonNode Pick(Random random, JsonNode node)
    {
        for (var steps = random.Next(6); steps > 0; steps--)
        {
            var children = Children(node).OfType<JsonNode>().Where(child => child is JsonObject or JsonArray).ToArray();
            if (children.Length == 0) break;
            node = children[random.Next(children.Length)];
        }
        return node;
    }

    private static IEnumerable<JsonNode?> Children(JsonNode node) => node is JsonObject members ? members.Select(member => member.Value) : node.AsArray();

    private static void Change(Random random, JsonNode node)
    {
        if (node is JsonArray array)
        {
            if (array.Count > 0 && random.Next(3) == 0) array.RemoveAt(random.Next(array.Count));
            else if (array.Count > 0 && random.Next(2) == 0) array[random.Next(array.Count)] = Value(random);
            else array.Add(array.Count > 0 && random.Next(2) == 0 ? array[0]?.DeepClone() : Value(random));
            return;
        }
        var members = node.AsObject();
        var name = members.Count > 0 && random.Next(8) > 0 ? members.ElementAt(random.Next(members.Count)).Key : "new";
        if (random.Next(4) == 0) members.Remove(name);
        else members[name] = Value(random);
    }

    // The marker becomes a text that JsonNode would not write.
    private static JsonNode? Value(Random random) => random.Next(6) == 0 ? JsonValue.Create("7") : Parsed(Values[random.Next(Values.Length)]);

    private static JsonNode? Parsed(string text) => text.Contains("\\ud800", StringComparison.Ordinal) ? JsonValue.Create("7") : JsonNode.Parse(text);
}
