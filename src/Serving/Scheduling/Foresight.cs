namespace EdgeRuntime.Serving.Scheduling;

/// <summary>What a lane could do for a request.</summary>
/// <param name="IsAdmitted">Whether it would be taken.</param>
/// <param name="Worth">The most that a run for it is worth at the price of the moment, in quality.</param>
/// <param name="LeastWorth">What the shortest run is worth that its floor allows, which is what a fallback takes.</param>
internal readonly record struct Foresight(bool IsAdmitted, double Worth, double LeastWorth);
