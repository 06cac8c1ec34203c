using System.Text;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Offload.Cluster.Grpc;

/// <summary>What gRPC's status says to the one who asked. Source: gRPC, "Status codes and their use in gRPC" and "gRPC over HTTP2".</summary>
internal static class GrpcStatus
{
    private static readonly (string Name, InferenceStatus Meaning)[] Table =
    [
        ("OK", InferenceStatus.Ok),
        ("CANCELLED", InferenceStatus.Cancelled),
        ("UNKNOWN", InferenceStatus.Internal),
        ("INVALID_ARGUMENT", InferenceStatus.InvalidArgument),
        ("DEADLINE_EXCEEDED", InferenceStatus.DeadlineExceeded),
        ("NOT_FOUND", InferenceStatus.NotFound),
        ("ALREADY_EXISTS", InferenceStatus.Internal),
        ("PERMISSION_DENIED", InferenceStatus.Internal),
        ("RESOURCE_EXHAUSTED", InferenceStatus.ResourceExhausted),
        ("FAILED_PRECONDITION", InferenceStatus.Unavailable),
        ("ABORTED", InferenceStatus.Unavailable),
        ("OUT_OF_RANGE", InferenceStatus.InvalidArgument),
        ("UNIMPLEMENTED", InferenceStatus.Internal),
        ("INTERNAL", InferenceStatus.Internal),
        ("UNAVAILABLE", InferenceStatus.Unavailable),
        ("DATA_LOSS", InferenceStatus.Internal),
        ("UNAUTHENTICATED", InferenceStatus.Internal),
    ];

    public static (string Name, InferenceStatus Meaning) Of(int code) => (uint)code < (uint)Table.Length ? Table[code] : ($"status {code}", InferenceStatus.Internal);

    /// <summary>grpc-message: bytes beyond printable ASCII come as %XX; what is broken is left as it stands.</summary>
    public static string Decode(string message)
    {
        if (!message.Contains('%', StringComparison.Ordinal)) return message;
        var bytes = new List<byte>(message.Length);
        for (var i = 0; i < message.Length; i++)
        {
            if (message[i] == '%' && i + 2 < message.Length && char.IsAsciiHexDigit(message[i + 1]) && char.IsAsciiHexDigit(message[i + 2]))
            {
                bytes.Add(Convert.FromHexString(message.AsSpan(i + 1, 2))[0]);
                i += 2;
            }
            else bytes.AddRange(Encoding.UTF8.GetBytes(message, i, 1));
        }
        return Encoding.UTF8.GetString([.. bytes]);
    }
}
