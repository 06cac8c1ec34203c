using System.Text;

namespace EdgeRuntime.Messaging.OpenInference;

/// <summary>What was wrong with a message.</summary>
public enum ProtocolErrorCode : byte
{
    /// <summary>Not JSON by RFC 8259, or not UTF-8.</summary>
    MalformedJson,
    /// <summary>A member that must be there is not.</summary>
    MissingField,
    /// <summary>A member or a parameter stands twice.</summary>
    DuplicateField,
    /// <summary>Two tensors have one name.</summary>
    DuplicateName,
    /// <summary>A member has the wrong JSON kind, such as a string for an array.</summary>
    WrongKind,
    /// <summary>A datatype that the protocol does not know.</summary>
    UnknownDataType,
    /// <summary>A datatype that JSON cannot carry.</summary>
    NeedsBinary,
    /// <summary>Over a limit of <see cref="ProtocolLimits"/>.</summary>
    LimitExceeded,
    /// <summary>A negative dimension, or a product beyond 64 bits.</summary>
    InvalidShape,
    /// <summary>The data has not as many elements as the shape says, or is nested otherwise.</summary>
    DataMismatch,
    /// <summary>A value outside the range of its datatype.</summary>
    ValueOutOfRange,
    /// <summary>NaN or an infinity where JSON would have to carry it.</summary>
    NotFinite,
    /// <summary>binary_data_size and the payload or the shape disagree.</summary>
    BinarySizeMismatch,
    /// <summary>The header length is missing or not within the payload.</summary>
    InvalidHeaderLength,
    /// <summary>Bytes after the end of the message.</summary>
    TrailingData,
    /// <summary>A content type that is missing, unknown, or not what the payload is.</summary>
    InvalidContentType,
    /// <summary>An image whose header cannot be read.</summary>
    InvalidImage,
    /// <summary>A user property with a value outside its domain.</summary>
    InvalidProperty,
    /// <summary>Not protobuf by its encoding, or not a gRPC message.</summary>
    MalformedMessage,
}

/// <summary>Why a message was refused: a value, never thrown. The message names the thing, the value and the limit, and is meant for the sender.</summary>
public sealed record ProtocolError(ProtocolErrorCode Code, string Message)
{
    /// <summary>The status to answer with: an output that JSON cannot carry is not the sender's fault, all else is.</summary>
    public InferenceStatus Status => Code == ProtocolErrorCode.NotFinite ? InferenceStatus.Internal : InferenceStatus.InvalidArgument;

    // Text of the sender comes back to it bounded and printable: errors are logged and shown on terminals.
    internal static string Quote(ReadOnlySpan<byte> text)
    {
        const int Shown = 64;
        var quoted = new StringBuilder(Shown + 4).Append('\'');
        foreach (var rune in Encoding.UTF8.GetString(text[..Math.Min(text.Length, Shown)]).EnumerateRunes())
            quoted.Append(Rune.IsControl(rune) || rune == Rune.ReplacementChar ? "?" : rune.ToString());
        return quoted.Append(text.Length > Shown ? "...'" : "'").ToString();
    }
}
