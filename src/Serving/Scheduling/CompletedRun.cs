namespace EdgeRuntime.Serving.Scheduling;

/// <summary>What a lane learns from a run.</summary>
/// <param name="Ended">When its last answer was sent; a timestamp of the clock.</param>
/// <param name="Rows">How many rows it had.</param>
/// <param name="Requests">Of how many requests.</param>
/// <param name="Candidates">How many requests there were to choose from, its own among them.</param>
/// <param name="Computed">How long the model ran, without reading requests and writing answers; null where that is all it took.</param>
internal readonly record struct CompletedRun(long Ended, int Rows, int Requests, int Candidates, long? Computed = null);
