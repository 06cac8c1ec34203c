using System.Text;

namespace EdgeRuntime.Messaging.Tests.OpenInference.Grpc;

/// <summary>Protobuf messages as bytes, field by field, sound or not.</summary>
internal static class Protobuf
{
    public static byte[] Message(params byte[][] fields) => [.. fields.SelectMany(field => field)];

    public static byte[] Field(int number, params byte[][] fields) => Bytes(number, Message(fields));

    public static byte[] Text(int number, string text) => Bytes(number, Encoding.UTF8.GetBytes(text));

    public static byte[] Bytes(int number, byte[] bytes) => [.. Number(number << 3 | 2), .. Number(bytes.Length), .. bytes];

    public static byte[] Varint(int number, long value) => [.. Number(number << 3), .. Number(value)];

    public static byte[] Fixed32(int number, float value) => [.. Number(number << 3 | 5), .. BitConverter.GetBytes(value)];

    public static byte[] Fixed64(int number, double value) => [.. Number(number << 3 | 1), .. BitConverter.GetBytes(value)];

    public static byte[] Packed(int number, params long[] values) => Bytes(number, [.. values.SelectMany(Number)]);

    public static byte[] Number(long value)
    {
        var bytes = new List<byte>();
        var rest = (ulong)value;
        for (; rest >= 0x80; rest >>= 7) bytes.Add((byte)(rest | 0x80));
        bytes.Add((byte)rest);
        return [.. bytes];
    }

    /// <summary>An InferOutputTensor.</summary>
    public static byte[] Output(string name, string type, long[] shape, params byte[][] contents) =>
        Field(5, [Text(1, name), Text(2, type), Packed(3, shape), .. contents.Length == 0 ? Array.Empty<byte[]>() : [Field(5, contents)]]);

    /// <summary>An entry of the response's parameters.</summary>
    public static byte[] Parameter(string name, byte[] value) => Field(4, Text(1, name), Bytes(2, value));
}
