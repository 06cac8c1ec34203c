using System.Buffers.Text;

namespace EdgeRuntime.Messaging.OpenInference;

/// <summary>
/// What the user properties of a request say, as values that may be queued and copied. Feed each property to <see cref="TryAdd"/>;
/// names that the protocol does not know are left alone.
/// </summary>
public partial record struct RequestProperties
{
    /// <summary>Priority of a request that does not name one.</summary>
    public const int DefaultPriority = 4;

    /// <summary>The longest budget that may be asked for.</summary>
    public static readonly TimeSpan MaxDeadline = TimeSpan.FromDays(1);

    private Seen seen;

    /// <summary>Nothing said.</summary>
    public RequestProperties() { }

    /// <summary><c>deadline-ms</c>: what was left when the request was sent; null where it is not said.</summary>
    public TimeSpan? Deadline { get; private set; }

    /// <summary><c>min-quality</c>, relative to the fp32 parent; null where it is not said.</summary>
    public double? MinQuality { get; private set; }

    /// <summary><c>priority</c>, 0 lowest to 9.</summary>
    public int Priority { get; private set; } = DefaultPriority;

    /// <summary><c>offload</c>.</summary>
    public OffloadRule Offload { get; private set; }

    /// <summary><c>accept</c>: JSON or binary; null where it is not said.</summary>
    public PayloadFormat? Accept { get; private set; }

    /// <summary><c>traceparent</c>; null where it is not said.</summary>
    public TraceParent? Trace { get; private set; }

    /// <summary><c>inference-header-content-length</c>; null where it is not said.</summary>
    public int? HeaderLength { get; private set; }

    /// <summary><c>model-version</c>; empty where it is not said.</summary>
    public VersionText ModelVersion { get; private set; }

    [Flags]
    private enum Seen : byte { None = 0, Deadline = 1, MinQuality = 2, Priority = 4, Offload = 8, Accept = 16, Trace = 32, HeaderLength = 64, ModelVersion = 128 }

    /// <summary>Takes one property, both parts UTF-8; an error where its value is outside its domain or it was given before.</summary>
    public ProtocolError? TryAdd(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (name.SequenceEqual("deadline-ms"u8)) return Once(Seen.Deadline, name) ?? SetDeadline(value);
        if (name.SequenceEqual("min-quality"u8)) return Once(Seen.MinQuality, name) ?? SetMinQuality(value);
        if (name.SequenceEqual("priority"u8)) return Once(Seen.Priority, name) ?? SetPriority(value);
        if (name.SequenceEqual("offload"u8)) return Once(Seen.Offload, name) ?? SetOffload(value);
        if (name.SequenceEqual("accept"u8)) return Once(Seen.Accept, name) ?? SetAccept(value);
        if (name.SequenceEqual("traceparent"u8)) return Once(Seen.Trace, name) ?? SetTrace(value);
        if (name.SequenceEqual("inference-header-content-length"u8)) return Once(Seen.HeaderLength, name) ?? SetHeaderLength(value);
        if (name.SequenceEqual("model-version"u8)) return Once(Seen.ModelVersion, name) ?? SetModelVersion(value);
        return null;
    }

    private ProtocolError? Once(Seen property, ReadOnlySpan<byte> name)
    {
        if ((seen & property) != 0)
            return new(ProtocolErrorCode.DuplicateField, $"user property {ProtocolError.Quote(name)} is given twice");
        seen |= property;
        return null;
    }

    private ProtocolError? SetDeadline(ReadOnlySpan<byte> value)
    {
        var limit = (long)MaxDeadline.TotalMilliseconds;
        if (!TryWhole(value, limit, out var milliseconds)) return Wrong(PropertyNames.DeadlineMs, value, $"a whole number from 0 to {limit}");
        Deadline = TimeSpan.FromMilliseconds(milliseconds);
        return null;
    }

    private ProtocolError? SetMinQuality(ReadOnlySpan<byte> value)
    {
        if (!Utf8Parser.TryParse(value, out double quality, out var read) || read != value.Length || !(quality is >= 0 and <= 1))
            return Wrong(PropertyNames.MinQuality, value, "a number from 0 to 1");
        MinQuality = quality;
        return null;
    }

    private ProtocolError? SetPriority(ReadOnlySpan<byte> value)
    {
        if (value.Length != 1 || !TryWhole(value, 9, out var priority)) return Wrong(PropertyNames.Priority, value, "0 to 9");
        Priority = (int)priority;
        return null;
    }

    private ProtocolError? SetOffload(ReadOnlySpan<byte> value)
    {
        if (!OffloadRules.TryParse(value, out var rule)) return Wrong(PropertyNames.Offload, value, "auto, never or only");
        Offload = rule;
        return null;
    }

    private ProtocolError? SetAccept(ReadOnlySpan<byte> value)
    {
        if (!PayloadFormats.TryParse(value, out var format) || format > PayloadFormat.Binary)
            return Wrong(PropertyNames.Accept, value, "application/json or application/octet-stream");
        Accept = format;
        return null;
    }

    private ProtocolError? SetTrace(ReadOnlySpan<byte> value)
    {
        if (!TraceParent.TryParse(value, out var trace)) return Wrong(PropertyNames.TraceParent, value, "a W3C trace context of version 00");
        Trace = trace;
        return null;
    }

    private ProtocolError? SetHeaderLength(ReadOnlySpan<byte> value)
    {
        if (!TryWhole(value, int.MaxValue, out var length)) return Wrong(PropertyNames.HeaderLength, value, "a whole number of bytes");
        HeaderLength = (int)length;
        return null;
    }

    private ProtocolError? SetModelVersion(ReadOnlySpan<byte> value)
    {
        if (!VersionText.TryParse(value, out var version)) return Wrong(PropertyNames.ModelVersion, value, $"1 to {VersionText.MaximumLength} characters a-z, 0-9, '.', '_', '-' that start with a letter or digit");
        ModelVersion = version;
        return null;
    }

    private static bool TryWhole(ReadOnlySpan<byte> value, long limit, out long number)
    {
        number = 0;
        return value.Length is > 0 and <= 10 && value.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0
            && Utf8Parser.TryParse(value, out number, out _) && number <= limit;
    }

    private static ProtocolError Wrong(string name, ReadOnlySpan<byte> value, string domain) =>
        new(ProtocolErrorCode.InvalidProperty, $"user property '{name}' is {ProtocolError.Quote(value)}, it must be {domain}");
}
