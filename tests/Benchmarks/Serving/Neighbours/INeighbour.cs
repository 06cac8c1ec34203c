namespace EdgeRuntime.Benchmarks.Serving.Neighbours;

/// <summary>What a client does beside another that is measured.</summary>
internal interface INeighbour
{
    string Name { get; }

    /// <summary>Goes on for so long.</summary>
    Task RunAsync(Neighbourhood scene, TimeSpan duration);
}
