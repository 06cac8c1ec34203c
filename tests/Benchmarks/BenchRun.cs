using EdgeRuntime.Benchmarks.Reporting;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Bundles;

namespace EdgeRuntime.Benchmarks;

/// <summary>What every bench is given: where its figures go, a folder of its own for this run, and one that is kept.</summary>
internal sealed record BenchRun : IDisposable
{
    private readonly DirectoryInfo _scratch = Directory.CreateDirectory(Path.Combine(Kept, $"run-{Environment.ProcessId}"));

    /// <summary>What is made once and used again.</summary>
    public static string Kept { get; } = Path.Combine(RepositoryPaths.Root, "artifacts", "bench");

    public required BenchReport Report { get; init; }

    /// <summary>A few samples on small models: shows that the bench works, not what it measures.</summary>
    public required bool Smoke { get; init; }

    /// <summary>As long as it takes, an hour of soak included.</summary>
    public bool Full { get; init; }

    /// <summary>The one part of the bench to run; null for all.</summary>
    public string? Only { get; init; }

    /// <summary>Removed when the run ends.</summary>
    public string Scratch => _scratch.FullName;

    /// <summary>Makes bundles of models that are made in code; all of them are signed with one key.</summary>
    public BundleMaker Bundles => field ??= new BundleMaker(Scratch);

    /// <summary>Threads of one inference, on both sides of every comparison.</summary>
    public static int Threads => Math.Min(2, Environment.ProcessorCount);

    public int Rounds(int full) => Smoke ? 2 : full;

    /// <summary>Tells whoever waits what is being done.</summary>
    public void Says(string what) => Console.Error.WriteLine($"{Report.Bench}: {what} ...");

    public void Dispose() => _scratch.Delete(recursive: true);
}
