using EdgeRuntime.Device.Offload;

namespace EdgeRuntime.Device.Decisions;

/// <summary>Where a request was sent, with all that it was decided from, so that it can be decided again.</summary>
/// <param name="Model">That was asked for.</param>
/// <param name="Here">What the device could do.</param>
/// <param name="Left">Seconds until the deadline.</param>
/// <param name="Floor">The least quality.</param>
/// <param name="Offer">What the server could do.</param>
/// <param name="Server">Its name; empty where none could.</param>
/// <param name="Decision">What was decided.</param>
internal readonly record struct RouteRecord(string Model, LocalOffer Here, double Left, double Floor, ServerOffer Offer, string Server, RouteDecision Decision);
