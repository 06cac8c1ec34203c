namespace EdgeRuntime.Messaging;

/// <summary>What has passed through a link since it was made. Read at one instant; only grows, but for the two fill levels.</summary>
public readonly record struct MqttLinkCounters
{
    /// <summary>Connections that the broker accepted.</summary>
    public long Connects { get; init; }

    /// <summary>Messages that arrived.</summary>
    public long Received { get; init; }

    /// <summary>Messages handed to the handler.</summary>
    public long Dispatched { get; init; }

    /// <summary>Messages whose payload was dropped because the inbox was over its limit in bytes.</summary>
    public long Truncated { get; init; }

    /// <summary>Messages dropped because the inbox was over its limit in messages.</summary>
    public long DroppedIncoming { get; init; }

    /// <summary>Messages whose handler threw.</summary>
    public long HandlerFailures { get; init; }

    /// <summary>Publications accepted into the outgoing queue.</summary>
    public long Queued { get; init; }

    /// <summary>Publications acknowledged (QoS 1) or written to the socket (QoS 0).</summary>
    public long Sent { get; init; }

    /// <summary>Accepted publications that will not be sent: expired, lost with the connection, refused by the broker.</summary>
    public long DroppedOutgoing { get; init; }

    /// <summary>Publications now in the outgoing queue or not yet acknowledged.</summary>
    public int OutgoingMessages { get; init; }

    /// <summary>Their size in bytes, as packets.</summary>
    public long OutgoingBytes { get; init; }
}
