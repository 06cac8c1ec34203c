using System.Diagnostics;
using System.Globalization;
using EdgeRuntime.Benchmarks.Device;
using EdgeRuntime.Benchmarks.Load;
using EdgeRuntime.Benchmarks.Measuring;
using EdgeRuntime.Benchmarks.Reporting;
using EdgeRuntime.Benchmarks.Serving;
using EdgeRuntime.Bundles;

namespace EdgeRuntime.Benchmarks.Pressure;

/// <summary>
/// A device under load in a control group whose limit falls to where the small rung alone fits, and rises again: whether it lives, which rung it takes
/// when, and what becomes of its requests.
/// </summary>
internal static class MemoryPressure
{
    public static readonly string[] Figures = ["memory-killed", "memory-failed", "memory-drop-s", "memory-climb-s", "memory-changes-per-dwell", "memory-answered-percent"];

    private const int Layers = 16, FewLayers = 4, Clients = 2, Haste = 5;
    private const double Load = 0.4;
    private static readonly ByteCount Ample = ByteCount.FromMebibytes(1536), Scarce = ByteCount.FromMebibytes(160);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2), Dwell = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(5), Short = TimeSpan.FromSeconds(20), After = TimeSpan.FromSeconds(40);

    private readonly record struct Course(LoadResult Load, double? Dropped, double? Climbed, IReadOnlyList<RungChange> Changes, TimeSpan Reclaimed, bool HasDied);

    public static async Task MeasureAsync(BenchRun run)
    {
        using var cap = MemoryCap.TryCreate(Ample.Bytes, out var reason);
        if (cap is null)
        {
            foreach (var id in Figures) run.Report.Add(new Figure(id, null, "") { Note = reason });
            return;
        }
        var dense = TwoRungs.Dense(run, run.Smoke ? FewLayers : Layers);
        await using var site = await LoadSite.OpenAsync(run, "memory");
        await using var device = await site.StartAsync(new DeviceConfig { Models = [new ServedBundle(dense.Bundle) { Threads = 1, Rungs = 2 }] }, cap);
        await using var watch = await RungWatch.StartAsync(device, site.Port);
        await using var crew = await LoadCrew.ConnectAsync("load", site.Port, Clients);
        var stream = new LoadStream(device, dense.Bundle.Model, dense.Requests) { Deadline = Deadline };
        stream = stream with { PerSecond = Load * await Capacity.FindAsync(run, crew, stream) };
        var course = await PlayAsync(run, crew, stream, cap, watch);
        Report(run.Report, course, string.Create(CultureInfo.InvariantCulture, $"{stream.PerSecond:0.0}/s, deadline {Deadline.TotalSeconds:0} s; {site.Cores}"));
        if (!course.HasDied) await device.StopAsync();
        if (!run.Smoke && (course.Dropped is null || course.Climbed is null)) await Console.Error.WriteLineAsync(device.Log);
    }

    private static async Task<Course> PlayAsync(BenchRun run, LoadCrew crew, LoadStream stream, MemoryCap cap, RungWatch watch)
    {
        var (before, low, after) = run.Smoke ? (Before / Haste, Short / Haste, After / Haste) : (Before, Short, After);
        var begin = Stopwatch.GetTimestamp();
        var load = crew.SendAsync(stream, before + low + after);
        await Task.Delay(before);
        var lowered = Stopwatch.GetTimestamp();
        await cap.MoveAsync(Scarce.Bytes);
        var moved = Stopwatch.GetElapsedTime(lowered);
        var dropped = await watch.AwaitAsync(TwoRungs.Small, lowered, low);
        await Task.Delay(Left(lowered, low));
        var raised = Stopwatch.GetTimestamp();
        await cap.MoveAsync(Ample.Bytes);
        var climbed = await watch.AwaitAsync(TwoRungs.Best, raised, after);
        var result = await load;
        return new Course(result, dropped, climbed, watch.Since(begin), moved, stream.Device.HasExited);
    }

    private static TimeSpan Left(long since, TimeSpan whole) => whole - Stopwatch.GetElapsedTime(since) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    private static void Report(BenchReport report, in Course course, string setting)
    {
        var load = course.Load;
        report.Add(new Figure("memory-killed", course.HasDied ? 1 : 0, "") { Goal = Goal.AtMost(0), Note = $"limit {Ample}, then {Scarce}, then {Ample}; {setting}" });
        report.Add(new Figure("memory-failed", load.Accepted - load.InTime, "") { Goal = Goal.AtMost(0), Samples = load.Accepted, Note = $"of accepted requests; {load.Statuses()}" });
        report.Add(new Figure("memory-drop-s", course.Dropped, "s") { Goal = Goal.AtMost(3), Note = course.Changes.Count > 0 ? $"the kernel took back what was above the limit within {course.Reclaimed.TotalSeconds:0.0} s; {course.Changes[0].Reason}" : "the rung never changed" });
        report.Add(new Figure("memory-climb-s", course.Climbed, "s") { Goal = Goal.AtMost(3 * Dwell.TotalSeconds), Note = $"a dwell is {Dwell.TotalSeconds:0} s" });
        report.Add(new Figure("memory-changes-per-dwell", RungWatch.MostWithin(Dwell, course.Changes), "") { Goal = Goal.AtMost(1), Samples = course.Changes.Count });
        report.Add(new Figure("memory-answered-percent", 100.0 * load.InTime / load.Count, "%")
        {
            Goal = Goal.NoLessThan(99),
            Samples = load.Count,
            Note = $"in time, of all; p50 {load.Latency.Median:0.0} ms, p99 {load.Latency.P99:0.0} ms, most {load.Latency.Highest:0.0} ms",
        });
    }
}
