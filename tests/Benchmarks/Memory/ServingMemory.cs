using EdgeRuntime.Benchmarks.Device;
using EdgeRuntime.Benchmarks.Measuring;
using EdgeRuntime.Benchmarks.Reporting;

namespace EdgeRuntime.Benchmarks.Memory;

/// <summary>Memory of processes that serve the specialised model: while it loads, after requests, and of two together.</summary>
internal static class ServingMemory
{
    public static async Task MeasureAsync(Subject subject)
    {
        subject.Says("serving from one process and from two");
        await using var first = subject.Start();
        var loading = await LoadAsync(subject, first);
        await subject.AskAsync(first, subject.Requests);
        var alone = ProcessMemory.Of(first.ProcessId);

        await using var second = subject.Start();
        await subject.Site.Client.OnlineAsync(second);
        await subject.AskAsync(second, subject.Requests);
        await subject.AskAsync(first, 1);
        var together = ProcessMemory.Of(first.ProcessId).FileProportional + ProcessMemory.Of(second.ProcessId).FileProportional;
        await first.StopAsync();
        await second.StopAsync();
        Report(subject, loading, alone, together);
    }

    private static async Task<(long Bytes, int Samples)> LoadAsync(Subject subject, RunningDevice device)
    {
        using var peak = AnonymousPeak.Of(device.ProcessId);
        await subject.Site.Client.OnlineAsync(device);
        return (peak.Bytes, peak.Samples);
    }

    private static void Report(Subject subject, (long Bytes, int Samples) loading, ProcessMemory alone, long together)
    {
        subject.Add(new Figure("load-peak-mb", loading.Bytes / MemoryBench.Megabyte, "MB") { Goal = Goal.AtMost(40), Samples = loading.Samples, Note = "anonymous peak from exec to online, specialised" });
        subject.Add(new Figure("anonymous-mb", alone.Anonymous / MemoryBench.Megabyte, "MB") { Goal = Goal.AtMost(30), Note = $"specialised, after {subject.Requests} requests over MQTT" });
        subject.Add(new Figure("second-process-ratio", (double)together / alone.FileProportional, "")
        {
            Goal = Goal.AtMost(1.05),
            Note = $"file-backed memory of two processes, {together / MemoryBench.Megabyte:0.0} MB, over the first alone, {alone.FileProportional / MemoryBench.Megabyte:0.0} MB",
        });
    }
}
