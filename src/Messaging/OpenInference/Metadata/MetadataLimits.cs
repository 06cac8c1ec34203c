namespace EdgeRuntime.Messaging.OpenInference.Metadata;

// What both forms of metadata are held to.
internal static class MetadataLimits
{
    // Versions of a model, extensions of a server.
    public const int MaxListed = 1024;

    public static ProtocolError? CheckSize(int bytes, ProtocolLimits limits) => bytes <= limits.MaxHeaderBytes ? null
        : new(ProtocolErrorCode.LimitExceeded, $"the metadata has {bytes} bytes, over the limit of {limits.MaxHeaderBytes}");

    public static ProtocolError TooMany(string what, int limit) => new(ProtocolErrorCode.LimitExceeded, $"'{what}' has more than {limit} entries, the limit");

    public static ProtocolError TooLong(string what, int length, int limit) => new(ProtocolErrorCode.LimitExceeded, $"'{what}' has {length} bytes, over the limit of {limit}");

    public static ProtocolError Missing(string what) => new(ProtocolErrorCode.MissingField, $"'{what}' is missing");

    public static ProtocolError? CheckDimension(long dimension) => dimension >= -1 ? null
        : new(ProtocolErrorCode.InvalidShape, $"dimension {dimension} is neither -1 nor a whole number from 0");
}
