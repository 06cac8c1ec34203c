namespace EdgeRuntime.Serving.Admission;

/// <summary>Where a request stands among those of other clients.</summary>
/// <param name="Round">Earlier rounds are served first.</param>
/// <param name="IsOverShare">Whether its client has its share in the lane already, while others ask too.</param>
/// <param name="IsRefused">Whether it is not to wait at all: what its client sends turns out to be no requests, and one is here already.</param>
internal readonly record struct RoundPlace(long Round, bool IsOverShare, bool IsRefused = false);
