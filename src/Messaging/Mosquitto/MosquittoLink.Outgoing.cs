using EdgeRuntime.Messaging.Native;

namespace EdgeRuntime.Messaging;

// The way out: accepted, then waiting or sent, then finished with an outcome. Only what is sent is in the library's hands.
public sealed partial class MosquittoLink
{
    private readonly OutgoingList _waiting = new(), _sent = new();
    private readonly Dictionary<ushort, OutgoingMessage> _sentById = [];
    private readonly Stack<OutgoingMessage> _spare = new();
    private int _outgoingMessages, _unacknowledged;
    private long _outgoingBytes, _accepted, _delivered, _droppedOutgoing;

    // A write that failed ends the connection before the network thread has seen it.
    private bool Ready_NeedsLock => _connection is { End: null };

    /// <inheritdoc/>
    public PublishOutcome TryPublish(in MqttPublication publication) => Enqueue(publication, null);

    /// <inheritdoc/>
    public Task<PublishOutcome> PublishAsync(in MqttPublication publication, CancellationToken cancellationToken)
    {
        var completion = new TaskCompletionSource<PublishOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        var outcome = Enqueue(publication, completion);
        return outcome.Status == PublishStatus.Queued ? completion.Task.WaitAsync(cancellationToken) : Task.FromResult(outcome);
    }

    /// <summary>A PUBACK, or a QoS 0 message written; called under the gate.</summary>
    internal void Published(ushort id, byte reasonCode)
    {
        if (!_sentById.Remove(id, out var message)) return;
        _sent.Remove(message);
        if (message.Qos == MqttQos.AtLeastOnce) _unacknowledged--;
        if (reasonCode >= 0x80)
        {
            Fault(MqttLinkFaultKind.PublicationRefused, $"broker refused a message on '{Text(message.Topic)}' with reason code 0x{reasonCode:X2}");
            Finish_NeedsLock(message, new PublishOutcome(PublishStatus.Refused, reasonCode));
            return;
        }
        Finish_NeedsLock(message, new PublishOutcome(message.Qos == MqttQos.AtMostOnce ? PublishStatus.Written : PublishStatus.Acknowledged));
    }

    private PublishOutcome Enqueue(in MqttPublication publication, TaskCompletionSource<PublishOutcome>? completion)
    {
        MqttText.Require(publication);
        var size = MqttPacketSize.OfPublish(publication);
        lock (_gate)
        {
            if (Refusal_NeedsLock(publication, size) is { } refusal) return refusal;
            var direct = Ready_NeedsLock && _waiting.First is null && HasWindow_NeedsLock(publication.Qos);
            var message = Take_NeedsLock(publication, size, keepPayload: !direct || publication.Qos == MqttQos.AtLeastOnce);
            message.Completion = completion;
            if (direct) HandOver_NeedsLock(message, publication.Payload);
            else Wait_NeedsLock(message);
            if (direct && (publication.Patience > TimeSpan.Zero || IsHandlingSeveral)) Hold_NeedsLock(publication.Patience);
            else if (direct) Flush_NeedsLock();
            return new PublishOutcome(PublishStatus.Queued);
        }
    }

    private PublishOutcome? Refusal_NeedsLock(in MqttPublication publication, long size)
    {
        var fill = _outgoingBytes + size;
        if (_draining) return new PublishOutcome(PublishStatus.Stopped);
        if (Unsendable_NeedsLock(publication.Qos, publication.Retain, size) is { } reason) return reason;
        if (publication.Qos == MqttQos.AtMostOnce && !Ready_NeedsLock) return new PublishOutcome(PublishStatus.NotConnected);
        if (publication.Expiry <= TimeSpan.Zero) return new PublishOutcome(PublishStatus.Expired);
        if (_outgoingMessages >= _options.OutgoingLimitMessages)
            return new PublishOutcome(PublishStatus.QueueFull, _outgoingMessages, _options.OutgoingLimitMessages);
        return fill > _options.OutgoingLimitBytes ? new PublishOutcome(PublishStatus.QueueFull, fill, _options.OutgoingLimitBytes) : null;
    }

    // What the broker announced may change from connect to connect, so that it is asked again when a message that waited is sent.
    private PublishOutcome? Unsendable_NeedsLock(MqttQos qos, bool retain, long size)
    {
        var largest = Math.Min(_limits.MaximumPacketSize, _options.OutgoingLimitBytes);
        if (size > largest) return new PublishOutcome(PublishStatus.TooLarge, size, largest);
        if (qos > _limits.MaximumQos) return new PublishOutcome(PublishStatus.QosNotSupported, (long)qos, (long)_limits.MaximumQos);
        return retain && !_limits.RetainAvailable ? new PublishOutcome(PublishStatus.RetainNotSupported) : null;
    }

    private bool HasWindow_NeedsLock(MqttQos qos) =>
        qos == MqttQos.AtMostOnce || _unacknowledged < Math.Min(_options.SendWindow, (int)_limits.ReceiveMaximum);

    private OutgoingMessage Take_NeedsLock(in MqttPublication publication, long size, bool keepPayload)
    {
        if (!_spare.TryPop(out var message)) message = new OutgoingMessage();
        message.Fill(publication, keepPayload);
        (message.Size, message.Queued) = (size, _time.GetTimestamp());
        message.Expires = publication.Expiry is { } expiry ? Later(message.Queued, LongestExpiry < expiry ? LongestExpiry : expiry) : long.MaxValue;
        (_outgoingMessages, _outgoingBytes, _accepted) = (_outgoingMessages + 1, _outgoingBytes + size, _accepted + 1);
        return message;
    }

    /// <summary>Gives to the library what waits, as far as the window goes.</summary>
    private void Pump_NeedsLock()
    {
        while (Ready_NeedsLock && _waiting.First is { } message && HasWindow_NeedsLock(message.Qos))
        {
            _waiting.Remove(message);
            if (message.Expires <= _time.GetTimestamp()) Finish_NeedsLock(message, new PublishOutcome(PublishStatus.Expired));
            else if (Unsendable_NeedsLock(message.Qos, message.Retain, message.Size) is { } reason) Finish_NeedsLock(message, reason);
            else HandOver_NeedsLock(message, message.Payload);
        }
    }

    private void HandOver_NeedsLock(OutgoingMessage message, ReadOnlySpan<byte> payload)
    {
        uint? expiry = message.Expires == long.MaxValue ? null : (uint)Math.Clamp(Math.Ceiling(Until(message.Expires).TotalSeconds), 1, uint.MaxValue);
        var error = _connection!.Publish(message, payload, expiry, out var id);
        if (error != MosquittoError.Success)
        {
            Finish_NeedsLock(message, new PublishOutcome(PublishStatus.Refused, (long)error));
            return;
        }
        if (!_sentById.TryAdd(message.Id = id, message)) _connection.Abandon($"packet identifier {id} is still unacknowledged after 65535 others");
        _sent.Append(message);
        if (message.Qos == MqttQos.AtLeastOnce) _unacknowledged++;
    }

    /// <summary>Writes what the library was given. Where the socket does not take it all, or is gone, the network thread goes on from there.</summary>
    private void Flush_NeedsLock()
    {
        if (_connection is null) return;
        Write_NeedsLock(_connection);
        if (_connection.End is not null || _connection.WantsWrite) _wake.Signal();
    }

    private void Finish_NeedsLock(OutgoingMessage message, PublishOutcome outcome)
    {
        if (outcome.IsAccepted) _delivered++;
        else _droppedOutgoing++;
        message.Completion?.TrySetResult(outcome);
        (_outgoingMessages, _outgoingBytes) = (_outgoingMessages - 1, _outgoingBytes - message.Size);
        message.Release();
        if (_spare.Count < _options.OutgoingLimitMessages) _spare.Push(message);
        if (_outgoingMessages == 0) _drained?.TrySetResult();
    }
}
