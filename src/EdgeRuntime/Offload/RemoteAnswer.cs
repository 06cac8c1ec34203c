using System.Text;
using EdgeRuntime.Messaging;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Lanes;

namespace EdgeRuntime.Device.Offload;

/// <summary>What a server's answer says beside its payload. Valid as long as its message. What is missing or wrong makes it a failure.</summary>
internal readonly ref struct RemoteAnswer
{
    private const int LongestText = 512;

    public required InferenceStatus Status { get; init; }
    public required PayloadFormat Format { get; init; }
    public int HeaderLength { get; init; }
    public ReadOnlySpan<byte> Variant { get; init; }
    public ReadOnlySpan<byte> ModelVersion { get; init; }
    public TimeSpan Queue { get; init; }
    public TimeSpan Compute { get; init; }
    public TimeSpan? RetryAfter { get; init; }

    public static RemoteAnswer Read(MqttMessage message)
    {
        bool isStatus = message.TryGetUserProperty("status"u8, out ReadOnlySpan<byte> text) & InferenceStatuses.TryParse(text, out var status);
        bool isFormat = PayloadFormats.TryParse(message.ContentType, out var format) && format is PayloadFormat.Json or PayloadFormat.Binary;
        message.TryGetUserProperty("variant"u8, out ReadOnlySpan<byte> variant);
        message.TryGetUserProperty("model-version"u8, out ReadOnlySpan<byte> version);
        long header = Number(message, "inference-header-content-length"u8);
        bool isWhole = isStatus && isFormat && !message.Truncated && (format == PayloadFormat.Json || (header > 0 && header <= message.PayloadLength));
        return new RemoteAnswer
        {
            Status = isWhole ? status : InferenceStatus.Internal,
            Format = format,
            HeaderLength = (int)header,
            Variant = variant,
            ModelVersion = version,
            Queue = TimeSpan.FromMicroseconds(Number(message, "queue-us"u8)),
            Compute = TimeSpan.FromMicroseconds(Number(message, "compute-us"u8)),
            RetryAfter = Number(message, "retry-after-ms"u8) is > 0 and var wait ? TimeSpan.FromMilliseconds(wait) : null,
        };
    }

    /// <summary>Why the request was not answered, for its client.</summary>
    public Outcome Refusal(string server, ReadOnlySpan<byte> payload) =>
        new(ReasonOf(Status), $"server '{server}' answered {Encoding.ASCII.GetString(Status.WireName())}: {Encoding.UTF8.GetString(payload[..Math.Min(payload.Length, LongestText)])}", RetryAfter);

    private static RefusalReason ReasonOf(InferenceStatus status) => status switch
    {
        InferenceStatus.InvalidArgument => RefusalReason.Malformed,
        InferenceStatus.NotFound => RefusalReason.UnknownModel,
        InferenceStatus.DeadlineExceeded => RefusalReason.Deadline,
        InferenceStatus.ResourceExhausted => RefusalReason.ServerBusy,
        InferenceStatus.Unavailable or InferenceStatus.Cancelled => RefusalReason.NoServer,
        _ => RefusalReason.Failed,
    };

    private static long Number(MqttMessage message, ReadOnlySpan<byte> name) =>
        message.TryGetUserProperty(name, out long value) && value is >= 0 and <= int.MaxValue ? value : 0;
}
