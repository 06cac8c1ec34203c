using System.Runtime.InteropServices;
using System.Text;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Offload.Tests.Support;

/// <summary>Requests to the models of <see cref="ServedModels"/>.</summary>
internal static class Requests
{
    public static readonly float[] Numbers = [1, 2.5f, -3, 1e-20f];

    public static InferenceRequest Echo(string id = "") => Echo(Numbers, id);

    public static InferenceRequest Echo(float[] values, string id = "")
    {
        var request = new InferenceRequest();
        if (id.Length > 0) request.SetId(Encoding.UTF8.GetBytes(id));
        request.Inputs.Add("x"u8, TensorDataType.Float32, [values.Length / 4, 4], MemoryMarshal.AsBytes(values.AsSpan()));
        return request;
    }

    public static InferenceRequest Pair(int[] a, int[] b)
    {
        var request = new InferenceRequest();
        request.Inputs.Add("a"u8, TensorDataType.Int32, [a.Length], MemoryMarshal.AsBytes(a.AsSpan()));
        request.Inputs.Add("b"u8, TensorDataType.Int32, [b.Length], MemoryMarshal.AsBytes(b.AsSpan()));
        return request;
    }

    public static InferenceRequest Any(TensorDataType type, long[] shape, byte[] data)
    {
        var request = new InferenceRequest();
        request.Inputs.Add("x"u8, type, shape, data);
        return request;
    }

    public static byte[] Strings(params string[] elements)
    {
        var buffer = new PayloadBuffer();
        foreach (var element in elements) BytesElements.Append(buffer, Encoding.UTF8.GetBytes(element));
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Two or three elements of a type, its extremes among them.</summary>
    public static byte[] Sample(string type) => type switch
    {
        "BOOL" => [1, 0, 1],
        "UINT8" => [0, 7, 255],
        "INT8" => [0, 127, 128],
        "UINT16" => [0, 0, 255, 255, 1, 2],
        "INT16" => [0, 0, 255, 127, 0, 128],
        "FP16" => [0, 0x3c, 0, 0xc0, 0xff, 0x7b],
        "BF16" => [0x80, 0x3f, 0x80, 0xbf, 0x80, 0x7f],
        "UINT32" => [.. BitConverter.GetBytes(0u), .. BitConverter.GetBytes(uint.MaxValue), .. BitConverter.GetBytes(7u)],
        "INT32" => [.. BitConverter.GetBytes(int.MinValue), .. BitConverter.GetBytes(int.MaxValue), .. BitConverter.GetBytes(-7)],
        "FP32" => [.. BitConverter.GetBytes(float.MaxValue), .. BitConverter.GetBytes(float.Epsilon), .. BitConverter.GetBytes(-0.1f)],
        "UINT64" => [.. BitConverter.GetBytes(0UL), .. BitConverter.GetBytes(ulong.MaxValue), .. BitConverter.GetBytes(7UL)],
        "INT64" => [.. BitConverter.GetBytes(long.MinValue), .. BitConverter.GetBytes(long.MaxValue), .. BitConverter.GetBytes(-7L)],
        "FP64" => [.. BitConverter.GetBytes(double.MaxValue), .. BitConverter.GetBytes(double.Epsilon), .. BitConverter.GetBytes(-0.1)],
        _ => Strings("", "naïve ✓", "\"quoted\"\n"),
    };

    public static float[] Floats(ReadOnlySpan<byte> data) => MemoryMarshal.Cast<byte, float>(data).ToArray();
}
