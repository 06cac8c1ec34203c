using System.Text;
using EdgeRuntime.Messaging.OpenInference;
using Xunit;

namespace EdgeRuntime.Messaging.Tests.OpenInference;

internal static class Payloads
{
    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);

    // A payload as it comes from a client; 'quotes' for readable tests.
    public static byte[] Json(string json) => Utf8(json.Replace('\'', '"'));

    public static ProtocolError? ReadJson(string json, InferenceRequest? into = null, ProtocolLimits? limits = null) =>
        JsonCodec.Read(Json(json), into ?? new InferenceRequest(), limits ?? ProtocolLimits.Default);

    public static InferenceRequest MustReadJson(string json)
    {
        var request = new InferenceRequest();
        Assert.Null(ReadJson(json, request));
        return request;
    }

    public static (byte[] Payload, int HeaderLength) Sections(string header, params byte[][] sections)
    {
        var head = Json(header);
        return ([.. head, .. sections.SelectMany(section => section)], head.Length);
    }

    public static ProtocolError? ReadBinary(string header, byte[] section, InferenceRequest? into = null, ProtocolLimits? limits = null)
    {
        var (payload, length) = Sections(header, section);
        return BinaryCodec.Read(payload, length, into ?? new InferenceRequest(), limits ?? ProtocolLimits.Default);
    }

    public static byte[] Strings(params string[] elements)
    {
        var buffer = new PayloadBuffer();
        foreach (var element in elements) BytesElements.Append(buffer, Utf8(element));
        return buffer.WrittenSpan.ToArray();
    }

    public static bool Full => Environment.GetEnvironmentVariable("EDGE_FULL") == "1";
}
