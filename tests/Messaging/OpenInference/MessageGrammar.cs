using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Messaging.Tests.OpenInference;

// Random requests that are mostly sound, with known faults now and then, and mutations of any bytes.
internal static class MessageGrammar
{
    private static readonly string[] Types = ["FP32", "UINT8", "INT64", "BOOL", "BYTES", "FP16", "FP64", "INT8", "UINT64"];
    private static readonly string[] Numbers = ["0", "-0", "1e5", "1E-9", "-1.5", "255", "-128", "65504", "1e400", "0.1000000000000000055511151231257827"];
    private static readonly byte[] Structure = Encoding.ASCII.GetBytes("{}[],:\"\\u0eE+-.9 \n\ttrufalsn\0");
    private static readonly string[] Properties = ["deadline-ms", "min-quality", "priority", "offload", "accept", "traceparent", "inference-header-content-length"];
    private static readonly string[] PropertyValues = ["0", "1", "9", "250", "0.5", "auto", "only", "application/json", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"];

    // With binary, some inputs state a binary_data_size of up to 64 bytes, which need not be what follows.
    public static string Request(Random random, bool binary, out bool sound)
    {
        sound = true;
        var members = new List<string>();
        if (random.Next(2) == 0) members.Add($"\"id\":\"{Word(random)}\"");
        if (random.Next(3) == 0) members.Add($"\"parameters\":{{\"{Word(random)}\":{Scalar(random)}}}");
        if (random.Next(4) == 0) members.Add($"\"x-{Word(random)}\":[{Scalar(random)},{{\"n\":[null]}}]");
        var inputs = new List<string>();
        for (var i = random.Next(1, 4); i > 0; i--) inputs.Add(Tensor(random, $"in{i}", binary, ref sound));
        members.Add($"\"inputs\":[{string.Join(Space(random) + ",", inputs)}]");
        if (random.Next(3) == 0) members.Add("\"outputs\":[{\"name\":\"y\",\"parameters\":{\"binary_data\":true}}]");
        return Shuffled(random, members);
    }

    public static byte[] Section(Random random)
    {
        var section = new byte[random.Next(0, 100)];
        random.NextBytes(section);
        if (section.Length >= 4 && random.Next(2) == 0) BinaryPrimitives.WriteInt32LittleEndian(section, random.Next(0, section.Length));
        return section;
    }

    public static byte[] Image(Random random)
    {
        var image = new byte[random.Next(0, 80)];
        random.NextBytes(image);
        ReadOnlySpan<byte> magic = random.Next(2) == 0 ? [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 0, 0, 0xFF, 0xC0, 0, 11] : [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, 0, 0, 0, 13, .. "IHDR"u8];
        magic[..Math.Min(magic.Length, image.Length)].CopyTo(image);
        return random.Next(2) == 0 ? Mutate(random, image) : image;
    }

    public static (byte[] Name, byte[] Value) Property(Random random)
    {
        var value = Encoding.UTF8.GetBytes(PropertyValues[random.Next(PropertyValues.Length)]);
        return (Encoding.UTF8.GetBytes(Properties[random.Next(Properties.Length)]), random.Next(2) == 0 ? Mutate(random, value) : value);
    }

    public static byte[] Mutate(Random random, byte[] payload)
    {
        var bytes = payload.ToList();
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var at = random.Next(bytes.Count + 1);
            var span = Math.Min(random.Next(1, 9), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0 when at < bytes.Count: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1 when at < bytes.Count: bytes[at] = Structure[random.Next(Structure.Length)]; break;
                case 2: bytes.Insert(at, Structure[random.Next(Structure.Length)]); break;
                case 3: bytes.RemoveRange(at, span); break;
                case 4: bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(at, span)); break;
                default: bytes.RemoveRange(at, bytes.Count - at); break;
            }
        }
        return [.. bytes];
    }

    private static string Tensor(Random random, string name, bool binary, ref bool sound)
    {
        var type = Types[random.Next(Types.Length)];
        var shape = Enumerable.Range(0, random.Next(0, 4)).Select(_ => random.Next(0, 5)).ToArray();
        var members = new List<string>();
        if (Missing(random, ref sound) != 1) members.Add($"\"name\":\"{name}\"");
        members.Add($"\"shape\":[{string.Join(',', shape)}]");
        members.Add($"\"datatype\":\"{type}\"");
        if (binary && random.Next(2) == 0) members.Add($"\"parameters\":{{\"binary_data_size\":{random.Next(0, 64)}}}");
        else members.Add($"\"data\":{Data(random, type, shape, ref sound)}");
        if (random.Next(60) == 0)
        {
            members.Add("\"shape\":[1]");
            sound = false;
        }
        return Shuffled(random, members);
    }

    private static int Missing(Random random, ref bool sound)
    {
        if (random.Next(60) != 0) return 0;
        sound = false;
        return 1;
    }

    private static string Data(Random random, string type, int[] shape, ref bool sound)
    {
        var count = shape.Aggregate(1, (product, dimension) => product * dimension);
        if (shape.Length < 2 || random.Next(2) == 0)
        {
            var wrong = random.Next(40) == 0;
            sound &= !wrong;
            return $"[{string.Join(",", Enumerable.Range(0, count + (wrong ? 1 : 0)).Select(_ => Value(random, type)))}]";
        }
        return Nested(random, type, shape);
    }

    private static string Nested(Random random, string type, ReadOnlySpan<int> shape)
    {
        var rest = shape.Length > 1 ? shape[1..].ToArray() : null;
        var elements = Enumerable.Range(0, shape[0]).Select(_ => Space(random) + (rest is null ? Value(random, type) : Nested(random, type, rest)));
        return $"[{string.Join(",", elements)}{Space(random)}]";
    }

    private static string Value(Random random, string type) => type switch
    {
        "BOOL" => random.Next(2) == 0 ? "true" : "false",
        "BYTES" => $"\"{Word(random)}\"",
        "UINT8" => random.Next(256).ToString(CultureInfo.InvariantCulture),
        "INT8" => random.Next(-128, 128).ToString(CultureInfo.InvariantCulture),
        "UINT64" => ((ulong)random.NextInt64() * 2 + 1).ToString(CultureInfo.InvariantCulture),
        "INT64" => random.NextInt64(long.MinValue, long.MaxValue).ToString(CultureInfo.InvariantCulture),
        "FP16" => (random.NextDouble() * 1000 - 500).ToString(CultureInfo.InvariantCulture),
        _ => (random.NextDouble() * 2 - 1).ToString(random.Next(2) == 0 ? "R" : "G9", CultureInfo.InvariantCulture),
    };

    private static string Scalar(Random random) => random.Next(4) switch
    {
        0 => "true",
        1 => random.Next().ToString(CultureInfo.InvariantCulture),
        2 => Numbers[random.Next(Numbers.Length - 2)],
        _ => $"\"{Word(random)}\"",
    };

    private static string Word(Random random) => random.Next(5) switch
    {
        0 => "größe",
        1 => "a\\n\\\"b\\u00e9",
        2 => "\\ud83d\\ude00",
        3 => "",
        _ => new string((char)('a' + random.Next(26)), random.Next(1, 12)),
    };

    private static string Space(Random random) => random.Next(6) == 0 ? " \n\t" : "";

    private static string Shuffled(Random random, List<string> members)
    {
        var order = members.ToArray();
        random.Shuffle(order);
        return $"{{{Space(random)}{string.Join(Space(random) + "," + Space(random), order)}}}";
    }
}
