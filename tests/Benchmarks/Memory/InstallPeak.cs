using EdgeRuntime.Benchmarks.Measuring;
using EdgeRuntime.Benchmarks.Reporting;

namespace EdgeRuntime.Benchmarks.Memory;

/// <summary>The highest anonymous memory from exec until the specialised form serves, on a root that was empty; and what stays of it.</summary>
internal static class InstallPeak
{
    private const double Factor = 1.1;

    public static async Task MeasureAsync(Subject subject)
    {
        subject.Says("installing and specialising");
        await using var device = subject.Start();
        using var peak = AnonymousPeak.Of(device.ProcessId);
        await device.SpecialisedAsync();
        var highest = peak.Bytes;
        await subject.AskAsync(device, subject.Requests);
        var after = ProcessMemory.Of(device.ProcessId);
        await device.StopAsync();

        subject.Add(new Figure("load-peak-over-weights-mb", (highest - Factor * subject.Model.WeightBytes) / MemoryBench.Megabyte, "MB")
        {
            Goal = Goal.AtMost(60),
            Samples = peak.Samples,
            Note = $"anonymous peak of {highest / MemoryBench.Megabyte:0} MB while installing, less {Factor} x the weights",
        });
        subject.Add(new Figure("anonymous-after-install-mb", after.Anonymous / MemoryBench.Megabyte, "MB")
        {
            Goal = Goal.AtMost(30),
            Note = $"in the process that installed and specialised, after {subject.Requests} requests",
        });
    }
}
