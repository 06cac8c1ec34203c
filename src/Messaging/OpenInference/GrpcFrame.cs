using System.Buffers.Binary;

namespace EdgeRuntime.Messaging.OpenInference;

/// <summary>
/// gRPC's length-prefixed message: a byte that says whether it is compressed, four bytes of length, big-endian, then the message.
/// Source: gRPC, "gRPC over HTTP2". Here nothing is compressed, and a call has one message in each direction.
/// </summary>
public static class GrpcFrame
{
    /// <summary>Bytes before the message.</summary>
    public const int PrefixBytes = 5;

    /// <summary>Starts a frame in an empty buffer: write the message, then <see cref="Close"/> it.</summary>
    public static void Open(PayloadBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        buffer.Clear();
        buffer.Reserve(PrefixBytes).Clear();
    }

    /// <summary>Writes the length of what was written since <see cref="Open"/>.</summary>
    public static void Close(PayloadBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        BinaryPrimitives.WriteUInt32BigEndian(buffer.Range(1, sizeof(uint)), (uint)(buffer.Length - PrefixBytes));
    }

    /// <summary>The one message of a body that was received whole.</summary>
    public static ProtocolError? Read(ReadOnlyMemory<byte> body, out ReadOnlyMemory<byte> message)
    {
        message = default;
        if (body.Length < PrefixBytes)
            return new(ProtocolErrorCode.MalformedMessage, $"the body has {body.Length} bytes, a gRPC message starts with {PrefixBytes}");
        if (body.Span[0] != 0)
            return new(ProtocolErrorCode.MalformedMessage, $"the message is marked as compressed ({body.Span[0]}), which was not asked for");
        var length = BinaryPrimitives.ReadUInt32BigEndian(body.Span[1..]);
        var there = body.Length - PrefixBytes;
        if (length > there) return new(ProtocolErrorCode.MalformedMessage, $"the message has a length of {length} bytes, {there} were sent");
        if (length < there) return new(ProtocolErrorCode.TrailingData, $"the message ends after {length} bytes, {there - length} bytes follow it");
        message = body[PrefixBytes..];
        return null;
    }
}
