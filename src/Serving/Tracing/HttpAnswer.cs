namespace EdgeRuntime.Serving.Tracing;

/// <summary>The head of an answer over HTTP.</summary>
internal readonly record struct HttpAnswer(int Status, TimeSpan? RetryAfter)
{
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>Whether OTLP has the same request sent again (its specification, "Retryable Response Codes").</summary>
    public bool MayBeRetried => Status is 429 or 502 or 503 or 504;
}
