using System.Text;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Offload.Cluster.Http;

/// <summary>What the body of a refusal says: the text of <c>{"error": "..."}</c>, else the body itself as far as it is text.</summary>
internal static class ErrorText
{
    /// <summary>More than this of a refusal is not received.</summary>
    public const int MaxBytes = 64 << 10;

    private const int MaxPlainBytes = 512;

    public static string Of(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty || body.Length > MaxBytes) return "";
        var response = new InferenceResponse();
        if (JsonCodec.Read(body.ToArray(), response, ProtocolLimits.Default) is null && response.IsError) return Encoding.UTF8.GetString(response.Error);
        return Encoding.UTF8.GetString(body[..Math.Min(body.Length, MaxPlainBytes)]).Trim();
    }
}
