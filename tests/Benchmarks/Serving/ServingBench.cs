using EdgeRuntime.Benchmarks.Measuring;
using EdgeRuntime.Benchmarks.Reporting;

namespace EdgeRuntime.Benchmarks.Serving;

/// <summary>What the runtime keeps of its promises under load: over MQTT, in process, with too much to do, while models and brokers come and go.</summary>
internal static class ServingBench
{
    private static readonly ServingPart[] All =
    [
        new("mqtt", ["mqtt-1kb-vs-echo", "mqtt-150kb-vs-echo"], AgainstEcho.MeasureAsync),
        new("in-process", ["inproc-overhead-us", "alloc-bytes-per-request"], InProcess.MeasureAsync),
        new("overload", ["goodput-3x", "goodput-10x", "accepted-in-deadline", "refusal-p99-ms"], Overload.MeasureAsync),
        new("batching", ["batching-gain", "batching-p99-ms", "batching-worst"], Batching.MeasureAsync),
        new("swap", ["swap-failed", "swap-p99-ratio"], HotSwap.MeasureAsync),
        new("priority", ["priority-in-deadline"], Priority.MeasureAsync),
        new("misbehaviour", ["misbehaviour-p99-ratio"], Misbehaviour.MeasureAsync),
        new("outage", ["outage-http-failed", "outage-resume-ms", "answered-twice", "outage-anonymous-growth-mb"], BrokerOutage.MeasureAsync),
        new("soak", ["soak-anonymous-growth-mb", "soak-handle-growth", "soak-p99-ratio"], Soak.MeasureAsync),
    ];

    public static IReadOnlyList<string> Parts { get; } = [.. All.Select(part => part.Name)];

    public static Task RunAsync(BenchRun run) => RunAsync(run, All);

    /// <summary>Runs the parts of a bench whose processes come and go.</summary>
    public static async Task RunAsync(BenchRun run, IEnumerable<ServingPart> parts)
    {
        run.Report.Add(new Figure("machine-busy-percent", await MachineLoad.BusyPercentAsync(), "%") { Note = "before the bench; what others take of the machine is in the figures below" });
        foreach (var part in parts.Where(part => run.Only is null || run.Only == part.Name))
        {
            run.Says(part.Name);
            await TryAsync(run, part);
        }
    }

    // One part that the runtime breaks must not hide the others' figures; its own are there, without a value.
    private static async Task TryAsync(BenchRun run, ServingPart part)
    {
        try
        {
            await part.MeasureAsync(run);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            await Console.Error.WriteLineAsync($"{part.Name}: {failure}");
            run.Report.IsIncomplete = true;
            foreach (var id in part.Figures.Where(id => run.Report.Figures.All(figure => figure.Id != id)))
                run.Report.Add(new Figure(id, null, "") { Note = $"part {part.Name} failed: {failure.GetType().Name}: {FirstLine(failure.Message)}" });
        }
    }

    private static string FirstLine(string text) => text.Split('\n', 2)[0];
}
