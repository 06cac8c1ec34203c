using System.Buffers;

namespace EdgeRuntime.Messaging;

// The buffer and the lease: filled by the network thread, returned by whoever disposes.
public sealed partial class MqttMessage
{
    private const int PropertySlack = 512;

    private readonly MqttMessagePool _pool;
    private (Part Name, Part Value)[] _userProperties = new (Part, Part)[8];
    private byte[]? _buffer;
    private Part _topic, _payload, _responseTopic, _correlationData, _contentType;
    private int _used;
    private int _leased;

    internal MqttMessage(MqttMessagePool pool) => _pool = pool;

    /// <summary>Bytes held: topic, properties and payload.</summary>
    internal int HeldBytes => _used;

    private byte[] Buffer => _buffer ?? throw new ObjectDisposedException(nameof(MqttMessage));

    /// <summary>Ends the lease and gives the buffer back.</summary>
    /// <exception cref="InvalidOperationException">The lease had ended already.</exception>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _leased, 0) == 0) throw new InvalidOperationException("MQTT message was disposed twice");
        var buffer = _buffer!;
        _buffer = null;
        ArrayPool<byte>.Shared.Return(buffer);
        _pool.Return(this);
    }

    /// <summary>Begins a lease with room for the parts; properties may grow it.</summary>
    internal void Begin(ReadOnlySpan<byte> topic, int payloadLength, bool keepPayload)
    {
        _buffer = ArrayPool<byte>.Shared.Rent(topic.Length + PropertySlack + (keepPayload ? payloadLength : 0));
        _leased = 1;
        _used = 0;
        _topic = Append(topic);
        _payload = _responseTopic = _correlationData = _contentType = default;
        (PayloadLength, Truncated) = (payloadLength, !keepPayload);
        (UserPropertyCount, Expiry, PayloadIsUtf8) = (0, null, false);
    }

    internal void SetHeader(MqttQos qos, bool retain, long receivedTimestamp) =>
        (Qos, Retain, ReceivedTimestamp) = (qos, retain, receivedTimestamp);

    internal void SetResponseTopic(ReadOnlySpan<byte> value) => _responseTopic = Append(value);

    internal void SetCorrelationData(ReadOnlySpan<byte> value) => _correlationData = Append(value);

    internal void SetContentType(ReadOnlySpan<byte> value) => _contentType = Append(value);

    internal void SetExpiry(uint seconds) => Expiry = TimeSpan.FromSeconds(seconds);

    internal void SetPayloadIsUtf8() => PayloadIsUtf8 = true;

    internal void AddUserProperty(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (UserPropertyCount == _userProperties.Length) Array.Resize(ref _userProperties, UserPropertyCount * 2);
        _userProperties[UserPropertyCount++] = (Append(name), Append(value));
    }

    /// <summary>Last, so that growth for properties never copies a payload.</summary>
    internal void SetPayload(ReadOnlySpan<byte> payload) => _payload = Append(payload);

    private Part Append(ReadOnlySpan<byte> bytes)
    {
        if (_used + bytes.Length > _buffer!.Length) Grow(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_used));
        var part = new Part(_used, bytes.Length);
        _used += bytes.Length;
        return part;
    }

    private void Grow(int bytes)
    {
        // Room for what the payload still needs beside the properties that overflowed.
        var larger = ArrayPool<byte>.Shared.Rent(checked(_used + bytes * 2 + PropertySlack + (Truncated ? 0 : PayloadLength)));
        _buffer.AsSpan(0, _used).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer!);
        _buffer = larger;
    }

    private ReadOnlySpan<byte> Slice(Part part) => Buffer.AsSpan(part.Start, part.Length);

    private readonly record struct Part(int Start, int Length);
}
