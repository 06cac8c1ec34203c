namespace EdgeRuntime.Messaging;

// Publications that wait: for a connection, or for room in the window; none longer than it may.
public sealed partial class MosquittoLink
{
    private static readonly TimeSpan LongestExpiry = TimeSpan.FromSeconds(uint.MaxValue);

    private readonly ITimer _expiry;
    private long _nextExpiry = long.MaxValue;
    private long _lostAt;

    private void Wait_NeedsLock(OutgoingMessage message)
    {
        _waiting.Append(message);
        ArmExpiry_NeedsLock(Deadline_NeedsLock(message));
    }

    /// <summary>What is sent and not acknowledged waits again, before all else and in its order, and goes out as a new packet. QoS 0 is lost.</summary>
    private void Requeue_NeedsLock()
    {
        DropQos0_NeedsLock(_sent);
        DropQos0_NeedsLock(_waiting);
        _sentById.Clear();
        _waiting.Prepend(_sent);
        (_unacknowledged, _lostAt) = (0, _time.GetTimestamp());
    }

    private void DropQos0_NeedsLock(OutgoingList list)
    {
        for (var message = list.First; message is not null;)
        {
            var next = message.Next;
            if (message.Qos == MqttQos.AtMostOnce)
            {
                list.Remove(message);
                Finish_NeedsLock(message, new PublishOutcome(PublishStatus.NotConnected));
            }
            message = next;
        }
    }

    private void DropExpired()
    {
        lock (_gate)
        {
            if (_state == MqttLinkState.Stopped) return;
            _nextExpiry = long.MaxValue;
            var now = _time.GetTimestamp();
            for (var message = _waiting.First; message is not null;)
            {
                var (next, deadline) = (message.Next, Deadline_NeedsLock(message));
                if (deadline > now) ArmExpiry_NeedsLock(deadline);
                else
                {
                    _waiting.Remove(message);
                    Finish_NeedsLock(message, new PublishOutcome(PublishStatus.Expired));
                }
                message = next;
            }
        }
    }

    private long Deadline_NeedsLock(OutgoingMessage message) => _connection is not null
        ? message.Expires
        : Math.Min(message.Expires, Later(Math.Max(message.Queued, _lostAt), _options.OfflineExpiry));

    private void ArmExpiry_NeedsLock(long deadline)
    {
        if (deadline >= _nextExpiry) return;
        _nextExpiry = deadline;
        Arm(_expiry, Until(deadline));
    }

    private void StopOutgoing_NeedsLock()
    {
        _waiting.Prepend(_sent);
        _sentById.Clear();
        while (_waiting.First is { } message)
        {
            _waiting.Remove(message);
            Finish_NeedsLock(message, new PublishOutcome(PublishStatus.Stopped));
        }
    }
}
