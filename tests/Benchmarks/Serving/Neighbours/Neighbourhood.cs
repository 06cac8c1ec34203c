using EdgeRuntime.Benchmarks.Load;

namespace EdgeRuntime.Benchmarks.Serving.Neighbours;

/// <summary>Where a neighbour lives.</summary>
/// <param name="Site">Its broker.</param>
/// <param name="Client">Its connection.</param>
/// <param name="Lawful">What it may send, at the rate that is lawful.</param>
/// <param name="Capacity">What the device can do, per second.</param>
/// <param name="HttpPort">Where the device serves HTTP.</param>
internal sealed record Neighbourhood(LoadSite Site, LoadCrew Client, LoadStream Lawful, double Capacity, int HttpPort);
