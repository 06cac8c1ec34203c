using EdgeRuntime.Serving.Degradation;

namespace EdgeRuntime.Device.Decisions;

/// <summary>Which rung a run took.</summary>
/// <param name="Model">Whose.</param>
/// <param name="Decision">With all that it was made from.</param>
internal readonly record struct RungRecord(string Model, RungDecision Decision);
