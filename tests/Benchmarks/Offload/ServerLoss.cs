using System.Diagnostics;
using EdgeRuntime.Benchmarks.Device;
using EdgeRuntime.Benchmarks.Load;
using EdgeRuntime.Benchmarks.Reporting;
using EdgeRuntime.Benchmarks.Serving;
using EdgeRuntime.TestKit.Processes;

namespace EdgeRuntime.Benchmarks.Offload;

/// <summary>Under load the server is killed, then stopped so that it is silent, then the broker is killed; all come back.</summary>
internal static class ServerLoss
{
    private const double DeviceCores = 0.25, ServerCores = 0.75, Load = 0.7;
    private const int Clients = 4;
    private static readonly TimeSpan Phase = TimeSpan.FromSeconds(4), Deadline = TimeSpan.FromSeconds(1), Glance = TimeSpan.FromMilliseconds(2), Longest = TimeSpan.FromSeconds(10);

    public static async Task MeasureAsync(BenchRun run)
    {
        Workload[] steady = [Workload.Steady(run)];
        await using var site = await OffloadSite.OpenAsync(run, "losses");
        var server = await site.StartServerAsync("srv-1", steady, ServerCores);
        await using var device = await site.StartDeviceAsync(steady, DeviceCores);
        await using var crew = await LoadCrew.ConnectAsync("load", site.Port, Clients);
        var stream = new LoadStream(device, steady[0].Bundle.Model, steady[0].Requests) { Deadline = Deadline };
        stream = stream with { PerSecond = Load * await Capacity.FindAsync(run, crew, stream) };
        var opened = new List<double>();
        var load = crew.SendAsync(stream, 7 * Phase);
        await Task.Delay(Phase);
        opened.Add(await OpenedAsync(device, () => site.KillAsync(server)));
        await Task.Delay(Phase);
        server = await site.StartServerAsync("srv-1", steady, ServerCores);
        await Task.Delay(Phase);
        opened.Add(await OpenedAsync(device, () => Pause(server)));
        await Task.Delay(Phase);
        server.Resume();
        await Task.Delay(Phase);
        var gone = Stopwatch.GetTimestamp();
        await site.Broker.KillAsync();
        await Task.Delay(Phase / 4);
        await site.Broker.RestartAsync();
        var back = Stopwatch.GetTimestamp();
        var result = await load;
        Report(run.Report, result, record => record.Intended < back && record.Arrived > gone, opened, device.Log);
        await device.StopAsync();
    }

    private static async Task<double> OpenedAsync(RunningDevice device, Func<Task> loss)
    {
        const string Said = "is not asked for a while";
        int before = device.Log.Split(Said).Length;
        var begin = Stopwatch.GetTimestamp();
        await loss();
        while (device.Log.Split(Said).Length == before && Stopwatch.GetElapsedTime(begin) < Longest) await Task.Delay(Glance);
        return Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
    }

    private static Task Pause(RunningProcess process)
    {
        process.Pause();
        return Task.CompletedTask;
    }

    // What was accepted and got no answer, or one that is neither OK in time nor a refusal in time. Nothing comes through a broker that is gone: what it loses and delays is the clients' to repeat.
    private static void Report(BenchReport report, LoadResult result, Func<RequestRecord, bool> metItsDeath, List<double> opened, string log)
    {
        var late = result.Records.Where(record => record.Answers > 0 && !record.IsRefusal && Stopwatch.GetElapsedTime(record.Intended, record.Arrived) > Deadline).ToList();
        int delayed = late.Count(metItsDeath);
        report.Add(new Figure("lost", late.Count - delayed, "")
        {
            Goal = Goal.AtMost(0),
            Samples = result.Count,
            Note = $"answered after the deadline, {delayed} not counted that were under way when the broker was killed and came once it was back{Lateness.Describe(result)}; {result.Statuses()}; "
                + "unanswered are those that the broker had when it was killed",
        });
        report.Add(new Figure("answered-twice", result.AnsweredTwice, "") { Goal = Goal.AtMost(0), Samples = result.Count });
        report.Add(new Figure("breaker-ms", opened.Max(), "ms")
        {
            Goal = Goal.AtMost(1000),
            Samples = opened.Count,
            Note = $"server killed {opened[0]:0} ms, server silent (SIGSTOP) {opened[1]:0} ms; came back by itself {log.Split("answers again").Length - 1} times",
        });
    }
}
