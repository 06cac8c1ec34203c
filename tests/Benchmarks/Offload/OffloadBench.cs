using EdgeRuntime.Benchmarks.Serving;

namespace EdgeRuntime.Benchmarks.Offload;

/// <summary>A device that hands requests to servers, real processes on this machine.</summary>
internal static class OffloadBench
{
    private static readonly ServingPart[] All =
    [
        new("goodput", ["goodput-gain", "capacity-fraction"], OffloadGoodput.MeasureAsync),
        new("added", ["added-p50-ms"], AddedTime.MeasureAsync),
        new("losses", ["lost", "answered-twice", "breaker-ms"], ServerLoss.MeasureAsync),
        new("flood", ["priority-in-deadline"], OffloadPriority.MeasureAsync),
        new("pool", ["slow-server-share"], PoolShare.MeasureAsync),
    ];

    public static IReadOnlyList<string> Parts { get; } = [.. All.Select(part => part.Name)];

    public static Task RunAsync(BenchRun run) => ServingBench.RunAsync(run, All);
}
