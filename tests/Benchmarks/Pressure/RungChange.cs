namespace EdgeRuntime.Benchmarks.Pressure;

/// <summary>A device said that another rung is the best that it uses.</summary>
/// <param name="At">When that was read from the socket.</param>
/// <param name="Rung">The variant.</param>
/// <param name="Reason">Why it is capped; empty where it is not.</param>
internal readonly record struct RungChange(long At, string Rung, string Reason);
