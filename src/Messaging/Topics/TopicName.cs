namespace EdgeRuntime.Messaging;

/// <summary>A parsed topic: spans over the bytes that were parsed. Every identifier in it is valid.</summary>
public readonly ref struct TopicName
{
    /// <summary>Which topic it is.</summary>
    public TopicKind Kind { get; init; }

    /// <summary>The fleet.</summary>
    public ReadOnlySpan<byte> Fleet { get; init; }

    /// <summary>Whose topic it is: the device, pool, server or client named first.</summary>
    public ReadOnlySpan<byte> Owner { get; init; }

    /// <summary>The model; empty where the topic has none.</summary>
    public ReadOnlySpan<byte> Model { get; init; }

    /// <summary>Who publishes a request: the client or device named last; empty where the topic has none.</summary>
    public ReadOnlySpan<byte> Sender { get; init; }

    /// <summary>What follows <c>c/{client}/</c>; empty elsewhere.</summary>
    public ReadOnlySpan<byte> Rest { get; init; }
}
