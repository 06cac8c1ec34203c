namespace EdgeRuntime.Serving.Degradation;

/// <summary>A request that was accepted and waits, or whose local fallback is kept ready.</summary>
/// <param name="Left">Seconds until its deadline.</param>
/// <param name="Least">Seconds of the shortest run that its quality floor allows.</param>
internal readonly record struct Promise(double Left, double Least);
