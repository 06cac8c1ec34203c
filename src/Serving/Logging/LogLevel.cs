namespace EdgeRuntime.Serving.Logging;

/// <summary>How much an operator wants to hear, loudest first.</summary>
internal enum LogLevel
{
    Error,
    Warning,
    Info,
    Debug,
}
