namespace EdgeRuntime.Serving.Transport;

/// <summary>Where whoever sent a request may be answered: nowhere that is not its own. Thread-safe.</summary>
internal interface IReplyRule
{
    /// <summary>Whether a response topic is the sender's.</summary>
    bool IsLawful(ReadOnlySpan<byte> responseTopic, ReadOnlySpan<byte> sender);

    /// <summary>What a response topic of the sender looks like, for texts.</summary>
    string Expected(ReadOnlySpan<byte> sender);

    /// <summary>Where the sender is told that its response topic is not.</summary>
    byte[] ErrorTopic(ReadOnlySpan<byte> sender);
}
