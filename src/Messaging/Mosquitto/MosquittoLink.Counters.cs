namespace EdgeRuntime.Messaging;

public sealed partial class MosquittoLink
{
    /// <inheritdoc/>
    public MqttLinkCounters Counters
    {
        get
        {
            lock (_gate)
                return new MqttLinkCounters
                {
                    Connects = _connects,
                    Received = _received,
                    Dispatched = Interlocked.Read(ref _dispatched),
                    Truncated = _truncated,
                    DroppedIncoming = _droppedIncoming,
                    HandlerFailures = Interlocked.Read(ref _handlerFailures),
                    Queued = _accepted,
                    Sent = _delivered,
                    DroppedOutgoing = _droppedOutgoing,
                    OutgoingMessages = _outgoingMessages,
                    OutgoingBytes = _outgoingBytes,
                };
        }
    }
}
