namespace EdgeRuntime.Device.Scheduling;

/// <summary>What a request is before its deadline is looked at.</summary>
/// <param name="Priority">0 lowest to 9.</param>
/// <param name="IsOverShare">Whether its client has its share waiting already while others ask too.</param>
internal readonly record struct QueueStanding(int Priority, bool IsOverShare = false);
