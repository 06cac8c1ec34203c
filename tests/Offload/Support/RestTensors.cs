using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace EdgeRuntime.Offload.Tests.Support;

/// <summary>Tensor data in JSON, flat or nested, by the framework's JSON.</summary>
internal static class RestTensors
{
    public static byte[] Decode(JsonNode data, string type)
    {
        var bytes = new List<byte>();
        foreach (var value in Flat(data)) bytes.AddRange(Element(value, type));
        return [.. bytes];
    }

    public static JsonArray Encode(TestTensor tensor)
    {
        var array = new JsonArray();
        var at = 0;
        while (at < tensor.Data.Length)
        {
            var rest = tensor.Data.AsSpan(at);
            if (tensor.Type == "BYTES")
            {
                var length = (int)BinaryPrimitives.ReadUInt32LittleEndian(rest);
                array.Add((JsonNode)Encoding.UTF8.GetString(rest.Slice(4, length)));
                at += 4 + length;
                continue;
            }
            var size = Math.Max(1, TestTensor.SizeOf(tensor.Type));
            if (rest.Length < size) break;
            array.Add(Value(rest, tensor.Type));
            at += size;
        }
        return array;
    }

    private static IEnumerable<JsonValue> Flat(JsonNode node) => node is JsonArray array ? array.SelectMany(each => Flat(each!)) : [(JsonValue)node];

    private static JsonNode Value(ReadOnlySpan<byte> data, string type) => type switch
    {
        "BOOL" => data[0] != 0,
        "UINT8" => data[0],
        "INT8" => (sbyte)data[0],
        "UINT16" => BinaryPrimitives.ReadUInt16LittleEndian(data),
        "INT16" => BinaryPrimitives.ReadInt16LittleEndian(data),
        "UINT32" => BinaryPrimitives.ReadUInt32LittleEndian(data),
        "INT32" => BinaryPrimitives.ReadInt32LittleEndian(data),
        "UINT64" => BinaryPrimitives.ReadUInt64LittleEndian(data),
        "INT64" => BinaryPrimitives.ReadInt64LittleEndian(data),
        "FP16" => (float)BinaryPrimitives.ReadHalfLittleEndian(data),
        "FP32" => BinaryPrimitives.ReadSingleLittleEndian(data),
        "FP64" => BinaryPrimitives.ReadDoubleLittleEndian(data),
        "FP8" => 0, // there is none: a server that makes one up
        _ => throw new TestRefusal(400, $"{type} has no form in JSON"),
    };

    private static byte[] Element(JsonValue value, string type) => type switch
    {
        "BYTES" => Blob(value.GetValue<string>()),
        "BOOL" => [value.GetValue<bool>() ? (byte)1 : (byte)0],
        "FP16" => BitConverter.GetBytes((Half)Number(value)),
        "FP32" => BitConverter.GetBytes((float)Number(value)),
        "FP64" => BitConverter.GetBytes(Number(value)),
        "UINT64" => BitConverter.GetBytes(ulong.Parse(value.ToJsonString(), CultureInfo.InvariantCulture)),
        _ => BitConverter.GetBytes(long.Parse(value.ToJsonString(), CultureInfo.InvariantCulture))[..Math.Max(1, TestTensor.SizeOf(type))],
    };

    private static double Number(JsonValue value) => double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture);

    private static byte[] Blob(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return [.. BitConverter.GetBytes(bytes.Length), .. bytes];
    }
}
