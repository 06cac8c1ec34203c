using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.Serving.Lanes;
using EdgeRuntime.Serving.Logging;

namespace EdgeRuntime.Serving.Hosting;

/// <summary>What a role is made from.</summary>
/// <param name="Settings">The host's.</param>
/// <param name="BootId">Another one at each start.</param>
/// <param name="Version">The program's.</param>
/// <param name="Lanes">The models.</param>
/// <param name="Log">Where events go.</param>
/// <param name="Time">The clock.</param>
internal sealed record ServingIdentity(ServingSettings Settings, string BootId, string Version, ModelLanes Lanes, EventLog Log, TimeProvider Time);
