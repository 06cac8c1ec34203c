namespace EdgeRuntime.Serving.Scheduling;

/// <summary>One request that waits.</summary>
/// <param name="Request">What waits.</param>
/// <param name="Rank">Its place among the others.</param>
/// <param name="Latest">When its answer must be ready at the latest: its deadline, less what the way to the client may take.</param>
/// <param name="Rung">The last rung of the ladder that its quality floor allows.</param>
/// <param name="IsHeld">Whether it is asked of a server, and only taken at the last moment that keeps its promise.</param>
internal readonly record struct QueueEntry<T>(T Request, QueueRank Rank, long Latest, int Rung = 0, bool IsHeld = false)
    where T : class;
