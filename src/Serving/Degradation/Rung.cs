namespace EdgeRuntime.Serving.Degradation;

/// <summary>A variant of a model, as a choice: best quality first on its ladder.</summary>
/// <param name="Quality">Relative to the fp32 parent; 1 = equal.</param>
/// <param name="Seconds">What a run takes on this device when nothing slows it.</param>
/// <param name="IsUntried">Whether it was hardly ever run here, so that its time is a guess.</param>
internal readonly record struct Rung(double Quality, double Seconds, bool IsUntried = false);
