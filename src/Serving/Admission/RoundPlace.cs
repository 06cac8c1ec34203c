namespace EdgeRuntime.Serving.Admission;

/// <summary>Where a request stands among those of other clients.</summary>
/// <param name="Round">Earlier rounds are served first.</param>
/// <param name="IsOverShare">Whether its client has its share in the lane already, while others ask too.</param>
internal readonly record struct RoundPlace(long Round, bool IsOverShare);
