using EdgeRuntime.Serving.Lanes;
using EdgeRuntime.Serving.Responses;

namespace EdgeRuntime.Serving.Transport;

/// <summary>
/// A request as it came in, whatever brought it: it holds the payload until it is disposed, and takes the one answer. Used by one thread at a
/// time; which one changes.
/// </summary>
internal abstract class IncomingRequest : IDisposable
{
    /// <summary>Stays as it is until the request is disposed.</summary>
    public abstract ReadOnlyMemory<byte> Payload { get; }

    public abstract int PayloadLength { get; }

    /// <summary>UTF-8; empty where there is none.</summary>
    public abstract ReadOnlySpan<byte> ContentType { get; }

    /// <summary>Who sent it, an identifier: the quota counts by it.</summary>
    public abstract ReadOnlySpan<byte> Client { get; }

    /// <summary>By what its client tells it from its others, to give it up.</summary>
    public abstract ReadOnlySpan<byte> Correlation { get; }

    /// <summary>When it was complete, as a timestamp of the clock.</summary>
    public abstract long ReceivedTimestamp { get; }

    /// <summary>Sends the answer, once. Returns at once; what cannot be sent is counted.</summary>
    /// <returns>What the client is told: the answer's outcome, or why that could not be told.</returns>
    public abstract Outcome Send(in Answer answer);

    public abstract void Dispose();
}
