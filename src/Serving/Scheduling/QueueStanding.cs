namespace EdgeRuntime.Serving.Scheduling;

/// <summary>What a request is before its deadline is looked at.</summary>
/// <param name="Priority">0 lowest to 9.</param>
/// <param name="Round">Its turn among the clients: earlier rounds are served first.</param>
/// <param name="IsOverShare">Whether its client has its share in the lane already, while others ask too.</param>
/// <param name="Rung">The last rung of the ladder that its quality floor allows.</param>
internal readonly record struct QueueStanding(int Priority, long Round = 0, bool IsOverShare = false, int Rung = 0);
