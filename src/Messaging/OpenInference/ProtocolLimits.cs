namespace EdgeRuntime.Messaging.OpenInference;

/// <summary>What a message may ask for. Every limit is checked before memory is taken for what it bounds.</summary>
public sealed record ProtocolLimits
{
    /// <summary>Limits that suit a device of 4 GiB and more.</summary>
    public static ProtocolLimits Default { get; } = new();

    /// <summary>Bytes of the whole payload.</summary>
    public int MaxPayloadBytes { get; init; } = 64 << 20;

    /// <summary>Bytes of the JSON header of a binary message.</summary>
    public int MaxHeaderBytes { get; init; } = 1 << 20;

    /// <summary>Inputs of a request, outputs of a response.</summary>
    public int MaxTensors { get; init; } = 64;

    /// <summary>Outputs that a request may name.</summary>
    public int MaxRequestedOutputs { get; init; } = 64;

    /// <summary>Parameters of one object.</summary>
    public int MaxParameters { get; init; } = 32;

    /// <summary>Dimensions of a tensor, at most <see cref="HardMaxDimensions"/>.</summary>
    public int MaxDimensions { get; init => field = InRange(value, HardMaxDimensions, nameof(MaxDimensions)); } = 8;

    /// <summary>Nesting of members that the protocol does not know, at most <see cref="HardMaxDepth"/>.</summary>
    public int MaxDepth { get; init => field = InRange(value, HardMaxDepth, nameof(MaxDepth)); } = 16;

    /// <summary>Elements of one tensor.</summary>
    public long MaxElements { get; init; } = 16 << 20;

    /// <summary>Bytes of all tensor data of one message, once decoded.</summary>
    public int MaxDataBytes { get; init; } = 64 << 20;

    /// <summary>Bytes of a name, an id or a member's name.</summary>
    public int MaxNameBytes { get; init; } = 256;

    /// <summary>Bytes of a parameter's text.</summary>
    public int MaxParameterTextBytes { get; init; } = 4096;

    /// <summary>Pixels of an encoded image by its own header, which is read before any decoder sees it.</summary>
    public long MaxImagePixels { get; init; } = 32 << 20;

    /// <summary>Dimensions that the readers can count.</summary>
    public const int HardMaxDimensions = 16;

    /// <summary>Nesting that the readers can follow.</summary>
    public const int HardMaxDepth = 64;

    private static int InRange(int value, int limit, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, limit, name);
        return value;
    }
}
