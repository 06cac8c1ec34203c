namespace EdgeRuntime.Serving.Metrics;

/// <summary>How a device stands with its servers.</summary>
/// <param name="Asked">Servers that are asked.</param>
/// <param name="Avoided">Servers that are left alone for a while, since they failed.</param>
/// <param name="InFlight">Requests that are with servers.</param>
/// <param name="AtRisk">Those of them that the device could not answer itself.</param>
/// <param name="AtRiskLimit">How many of these there may be at present.</param>
internal readonly record struct OffloadGauges(int Asked, int Avoided, int InFlight, int AtRisk, int AtRiskLimit);
