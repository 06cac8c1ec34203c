namespace EdgeRuntime.Messaging;

/// <summary>What became of a publication.</summary>
public enum PublishStatus
{
    /// <summary>Accepted into the outgoing queue.</summary>
    Queued,

    /// <summary>QoS 0: written to the socket.</summary>
    Written,

    /// <summary>QoS 1: acknowledged by the broker.</summary>
    Acknowledged,

    /// <summary>Refused: the outgoing queue is at its limit in messages or bytes.</summary>
    QueueFull,

    /// <summary>Refused: the packet is larger than the broker accepts, or than the outgoing queue can ever hold.</summary>
    TooLarge,

    /// <summary>Refused, or lost with the connection: QoS 0 while not connected.</summary>
    NotConnected,

    /// <summary>Refused: the broker does not offer this QoS.</summary>
    QosNotSupported,

    /// <summary>Refused: the broker keeps no retained messages.</summary>
    RetainNotSupported,

    /// <summary>Dropped: its expiry passed before it could be sent.</summary>
    Expired,

    /// <summary>The broker acknowledged it with a refusal (PUBACK reason code 0x80 and above).</summary>
    Refused,

    /// <summary>Refused or dropped: the link was stopped.</summary>
    Stopped,
}

/// <summary>What became of a publication, with the size and the limit that decided it, in bytes or messages.</summary>
/// <param name="Status">The outcome.</param>
/// <param name="Value">The packet's size in bytes, the queue's fill in messages, or the broker's reason code.</param>
/// <param name="Limit">The limit that <paramref name="Value"/> ran into.</param>
public readonly record struct PublishOutcome(PublishStatus Status, long Value = 0, long Limit = 0)
{
    /// <summary>Queued, written or acknowledged.</summary>
    public bool IsAccepted => Status <= PublishStatus.Acknowledged;

    /// <summary>The outcome in words; allocates only when asked for.</summary>
    public override string ToString() => Status switch
    {
        PublishStatus.QueueFull => $"outgoing queue is full: {Value} over the limit of {Limit}",
        PublishStatus.TooLarge => $"packet of {Value} bytes is over the limit of {Limit} bytes",
        PublishStatus.NotConnected => "not connected to the broker",
        PublishStatus.QosNotSupported => $"broker does not support QoS {Value}, only up to QoS {Limit}",
        PublishStatus.RetainNotSupported => "broker does not keep retained messages",
        PublishStatus.Expired => "message expired before it could be sent",
        PublishStatus.Refused => $"broker refused the message with reason code 0x{Value:X2}",
        PublishStatus.Stopped => "link is stopped",
        _ => Status.ToString(),
    };
}
