namespace EdgeRuntime.Serving.Transport.Repeats;

/// <summary>Whether a request came before.</summary>
internal enum Repeat
{
    /// <summary>It is new, or forgotten.</summary>
    None,

    /// <summary>Its first one has no answer yet: that will be the answer of both.</summary>
    UnderWay,

    /// <summary>Its first one was answered, and the answer is kept.</summary>
    Answered,
}
