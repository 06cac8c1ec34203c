namespace EdgeRuntime.Messaging.OpenInference;

internal static class PayloadSize
{
    public static ProtocolError? Check(int bytes, ProtocolLimits limits) => bytes <= limits.MaxPayloadBytes ? null
        : new(ProtocolErrorCode.LimitExceeded, $"the payload has {bytes} bytes, over the limit of {limits.MaxPayloadBytes}");
}
