using System.Buffers;
using EdgeRuntime.Messaging.Native;

namespace EdgeRuntime.Messaging;

/// <summary>
/// A publication that the link keeps, in one rented buffer: topic, content type and response topic, each ended by a zero byte as the library
/// wants them, correlation data, user properties, and the payload where it has to be kept. Belongs to one <see cref="OutgoingList"/> at a time.
/// </summary>
internal sealed unsafe class OutgoingMessage
{
    private byte[] _buffer = [];
    private int _used, _contentType, _responseTopic, _correlation, _correlationLength, _pairs, _pairCount, _payload;
    private bool _utf8;

    internal MqttQos Qos { get; private set; }

    internal bool Retain { get; private set; }

    /// <summary>Bytes of the packet.</summary>
    internal long Size { get; set; }

    /// <summary>When it was queued, as a timestamp of the link's clock.</summary>
    internal long Queued { get; set; }

    /// <summary>When its own expiry ends, as a timestamp; <see cref="long.MaxValue"/> for never.</summary>
    internal long Expires { get; set; }

    /// <summary>Its packet identifier while the library has it; 0 while it waits.</summary>
    internal ushort Id { get; set; }

    internal TaskCompletionSource<PublishOutcome>? Completion { get; set; }

    internal OutgoingMessage? Next { get; set; }

    internal OutgoingMessage? Previous { get; set; }

    /// <summary>The buffer; it begins with the topic.</summary>
    internal ReadOnlySpan<byte> Head => _buffer;

    internal ReadOnlySpan<byte> Topic => _buffer.AsSpan(0, _buffer.AsSpan().IndexOf((byte)0));

    internal ReadOnlySpan<byte> Payload => _buffer.AsSpan(_payload, _used - _payload);

    /// <summary>Copies the publication, its payload only if asked to.</summary>
    internal void Fill(in MqttPublication publication, bool keepPayload)
    {
        (Qos, Retain, _utf8, _used) = (publication.Qos, publication.Retain, publication.PayloadIsUtf8, 0);
        _buffer = ArrayPool<byte>.Shared.Rent(Room(publication, keepPayload));
        _ = AppendText(publication.Topic);
        _contentType = AppendText(publication.ContentType);
        _responseTopic = AppendText(publication.ResponseTopic);
        (_correlation, _correlationLength) = (Append(publication.CorrelationData), publication.CorrelationData.Length);
        _pairs = _used;
        _pairCount = publication.UserProperties?.Count ?? 0;
        for (var i = 0; i < _pairCount; i++)
        {
            _ = AppendText(publication.UserProperties!.Name(i));
            _ = AppendText(publication.UserProperties.Value(i));
        }
        _payload = _used;
        if (keepPayload) _ = Append(publication.Payload);
    }

    /// <summary>Adds the properties to the library's list; <paramref name="head"/> is the pinned buffer.</summary>
    internal void AddProperties(byte* head, PropertyList properties, uint? expirySeconds)
    {
        if (_utf8) properties.Add(PropertyId.PayloadFormat, (byte)1);
        if (expirySeconds is { } seconds) properties.Add(PropertyId.MessageExpiry, seconds);
        if (head[_contentType] != 0) properties.AddText(PropertyId.ContentType, head + _contentType);
        if (head[_responseTopic] != 0) properties.AddText(PropertyId.ResponseTopic, head + _responseTopic);
        if (_correlationLength > 0) properties.AddBinary(PropertyId.CorrelationData, head + _correlation, _correlationLength);
        var pair = head + _pairs;
        for (var i = 0; i < _pairCount; i++)
        {
            var value = pair + new ReadOnlySpan<byte>(pair, int.MaxValue).IndexOf((byte)0) + 1;
            properties.AddPair(pair, value);
            pair = value + new ReadOnlySpan<byte>(value, int.MaxValue).IndexOf((byte)0) + 1;
        }
    }

    /// <summary>Gives the buffer back.</summary>
    internal void Release()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, Completion, Id) = ([], null, 0);
    }

    private static int Room(in MqttPublication publication, bool keepPayload)
    {
        var text = publication.Topic.Length + publication.ContentType.Length + publication.ResponseTopic.Length + 3;
        var user = publication.UserProperties is { } properties ? properties.PacketBytes : 0;
        return checked(text + publication.CorrelationData.Length + user + (keepPayload ? publication.Payload.Length : 0));
    }

    private int Append(ReadOnlySpan<byte> bytes)
    {
        var start = _used;
        bytes.CopyTo(_buffer.AsSpan(start));
        _used += bytes.Length;
        return start;
    }

    private int AppendText(ReadOnlySpan<byte> text)
    {
        var start = Append(text);
        _buffer[_used++] = 0;
        return start;
    }
}
