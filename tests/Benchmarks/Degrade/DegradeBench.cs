using EdgeRuntime.Benchmarks.Pressure;
using EdgeRuntime.Benchmarks.Serving;

namespace EdgeRuntime.Benchmarks.Degrade;

/// <summary>How a device degrades: its decisions under a simulated clock, and real processes that run short of memory or get hot.</summary>
internal static class DegradeBench
{
    private static readonly ServingPart[] All =
    [
        new("decisions", ["utility-median", "utility-worst", "misses-accepted", "scenarios", "static-beaten", "static-never-worse"], Decisions.MeasureAsync),
        new("memory", MemoryPressure.Figures, MemoryPressure.MeasureAsync),
        new("thermal", ThermalRamp.Figures, ThermalRamp.MeasureAsync),
    ];

    public static IReadOnlyList<string> Parts { get; } = [.. All.Select(part => part.Name)];

    public static Task RunAsync(BenchRun run) => ServingBench.RunAsync(run, All);
}
