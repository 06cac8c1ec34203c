namespace EdgeRuntime.Serving.Scheduling;

/// <summary>A run that is about to begin, as far as its rung hangs on it.</summary>
/// <param name="Latest">When its first request's answer must be ready at the latest.</param>
/// <param name="Floor">The least quality of that request.</param>
/// <param name="Cap">The best rung that may be used at present.</param>
internal readonly record struct RunAhead(long Latest, double Floor, int Cap);
