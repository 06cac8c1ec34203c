namespace EdgeRuntime.Benchmarks.Serving.Neighbours;

/// <summary>Sends what it may and nothing else: what the others are compared with.</summary>
internal sealed class LawfulNeighbour : INeighbour
{
    public string Name => "lawful";

    public Task RunAsync(Neighbourhood scene, TimeSpan duration) => scene.Client.SendAsync(scene.Lawful, duration);
}
