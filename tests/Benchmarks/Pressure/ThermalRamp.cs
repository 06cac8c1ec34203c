using System.Diagnostics;
using System.Globalization;
using EdgeRuntime.Benchmarks.Device;
using EdgeRuntime.Benchmarks.Load;
using EdgeRuntime.Benchmarks.Reporting;
using EdgeRuntime.Benchmarks.Serving;

namespace EdgeRuntime.Benchmarks.Pressure;

/// <summary>
/// A device whose best rung just bears the load and heats it beyond the point at which it would be throttled; the small rung does not. The temperature
/// follows what the process really computes. Beside it the same without a look at the zone.
/// </summary>
internal static class ThermalRamp
{
    public static readonly string[] Figures =
        ["thermal-margin-c", "thermal-capped-before-s", "thermal-p99-ms", "thermal-changes-per-dwell", "thermal-failed", "thermal-answered-percent"];

    private const int Layers = 32, Clients = 2;
    private const double Load = 0.75, TargetInRuns = 20, DeadlineInRuns = 40, Beyond = 12, Begin = 65;
    private static readonly TimeSpan Dwell = TimeSpan.FromSeconds(10), Glimpse = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Calibration = TimeSpan.FromSeconds(6), Ramp = TimeSpan.FromSeconds(75), Unwatched = TimeSpan.FromSeconds(30);

    /// <summary>A load, the heat of a busy core, and the latency that is wanted.</summary>
    private readonly record struct Plan(LoadStream Stream, double Gain, TimeSpan Target);

    private readonly record struct Course(LoadResult Load, double Hottest, IReadOnlyList<(long At, double Celsius)> Temperatures, IReadOnlyList<RungChange> Changes);

    public static async Task MeasureAsync(BenchRun run)
    {
        var convolutions = TwoRungs.Convolutions(run, Layers);
        await using var site = await LoadSite.OpenAsync(run, "thermal");
        await using var crew = await LoadCrew.ConnectAsync("load", site.Port, Clients);
        using var zone = new SimulatedZone(Begin);
        await using var blind = await StartAsync(site, convolutions, new SensorTree(zone.Root, IsWatched: false));
        var plan = await PlanAsync(run, crew, new LoadStream(blind, convolutions.Bundle.Model, convolutions.Requests));
        var unwatched = await PlayAsync(crew, site, zone, plan, run.Smoke ? Glimpse : Unwatched);
        await blind.StopAsync();

        using var watched = new SimulatedZone(Begin);
        await using var device = await StartAsync(site, convolutions, new SensorTree(watched.Root));
        plan = plan with { Stream = plan.Stream with { Device = device } };
        var course = await PlayAsync(crew, site, watched, plan, run.Smoke ? Glimpse : Ramp);
        Report(run.Report, plan, course, unwatched, site.Cores);
        await device.StopAsync();
    }

    private static Task<RunningDevice> StartAsync(LoadSite site, Workload workload, SensorTree sensors) =>
        site.StartAsync(new DeviceConfig { Models = [new ServedBundle(workload.Bundle) { Threads = 1, Rungs = 2 }], Sensors = sensors });

    // The heat of a core is such that the best rung ends so far beyond the throttle point.
    private static async Task<Plan> PlanAsync(BenchRun run, LoadCrew crew, LoadStream stream)
    {
        double capacity = await Capacity.FindAsync(run, crew, stream);
        stream = stream with { PerSecond = Load * capacity, Deadline = TimeSpan.FromSeconds(DeadlineInRuns / capacity) };
        var busy = new BusyShare(stream.Device.ProcessId);
        await crew.SendAsync(stream, run.Smoke ? Glimpse : Calibration);
        double gain = (SimulatedZone.Throttle + Beyond - SimulatedZone.Surroundings) / busy.Look().Cores;
        return new Plan(stream, gain, TimeSpan.FromSeconds(TargetInRuns / capacity));
    }

    private static async Task<Course> PlayAsync(LoadCrew crew, LoadSite site, SimulatedZone zone, Plan plan, TimeSpan duration)
    {
        await using var watch = await RungWatch.StartAsync(plan.Stream.Device, site.Port);
        var begin = Stopwatch.GetTimestamp();
        var load = crew.SendAsync(plan.Stream, duration);
        var temperatures = await zone.FollowAsync(plan.Stream.Device.ProcessId, plan.Gain, load);
        return new Course(await load, zone.Hottest, temperatures, watch.Since(begin));
    }

    private static void Report(BenchReport report, in Plan plan, in Course course, in Course unwatched, string cores)
    {
        var load = course.Load;
        report.Add(new Figure("thermal-margin-c", SimulatedZone.Throttle - course.Hottest, "C")
        {
            Goal = Goal.NoLessThan(0.5),
            Peer = "without a look at the zone",
            PeerValue = SimulatedZone.Throttle - unwatched.Hottest,
            Samples = course.Temperatures.Count,
            Note = string.Create(CultureInfo.InvariantCulture, $"hottest {course.Hottest:0.0} C, throttled at {SimulatedZone.Throttle:0} C; {plan.Stream.PerSecond:0}/s, {100 * Load:0} % of what the best rung can do; {cores}"),
        });
        report.Add(new Figure("thermal-capped-before-s", Lead(course), "s")
        {
            Goal = Goal.NoLessThan(1),
            Note = course.Changes.Count > 0 ? $"before the best rung would have reached the throttle point; {course.Changes[0].Reason}" : "the rung never changed",
        });
        report.Add(new Figure("thermal-p99-ms", load.Latency.P99, "ms")
        {
            Goal = Goal.AtMost(plan.Target.TotalMilliseconds),
            Samples = load.Ok,
            Note = $"of what was answered; p50 {load.Latency.Median:0.0} ms, the deadline is {plan.Stream.Deadline.TotalMilliseconds:0} ms",
        });
        report.Add(new Figure("thermal-changes-per-dwell", RungWatch.MostWithin(Dwell, course.Changes), "") { Goal = Goal.AtMost(1), Samples = course.Changes.Count, Note = Told(course) });
        report.Add(new Figure("thermal-failed", load.Accepted - load.InTime, "") { Goal = Goal.AtMost(0), Samples = load.Accepted, Note = $"of accepted requests; {load.Statuses()}" });
        report.Add(new Figure("thermal-answered-percent", 100.0 * load.InTime / load.Count, "%") { Goal = Goal.NoLessThan(99), Samples = load.Count, Note = "in time, of all" });
    }

    /// <summary>Seconds from the first change of the rung to when the zone would have been throttled, had it gone on; null where the rung never changed.</summary>
    private static double? Lead(in Course course)
    {
        if (course.Changes.Count == 0) return null;
        var at = course.Changes[0].At;
        double reached = course.Temperatures.Where(reading => reading.At <= at).Select(reading => reading.Celsius).LastOrDefault(Begin), towards = SimulatedZone.Throttle + Beyond;
        return SimulatedZone.Inertia.TotalSeconds * Math.Log((towards - reached) / Beyond);
    }

    private static string Told(in Course course)
    {
        var begin = course.Temperatures.Count > 0 ? course.Temperatures[0].At : 0;
        return string.Join(", ", course.Changes.Select(change => string.Create(CultureInfo.InvariantCulture, $"{change.Rung} after {Stopwatch.GetElapsedTime(begin, change.At).TotalSeconds:0.0} s")));
    }
}
