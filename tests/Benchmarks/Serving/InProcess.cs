using System.Diagnostics;
using EdgeRuntime.Benchmarks.Device;
using EdgeRuntime.Benchmarks.Load;
using EdgeRuntime.Benchmarks.Measuring;
using EdgeRuntime.Benchmarks.Reporting;
using EdgeRuntime.TestKit.Models;

namespace EdgeRuntime.Benchmarks.Serving;

/// <summary>
/// What our code adds to a run of the session: from the link's handler to the queued answer, the change of threads to the model's worker
/// included; and what it allocates.
/// </summary>
internal static class InProcess
{
    private const int RoundCount = 9, WarmUp = 20_000, Timed = 2_000, Counted = 2_000, AllocationRounds = 5, SmokeDivisor = 20, Bytes = 1 << 10;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task MeasureAsync(BenchRun run)
    {
        var workload = Workload.Identity(run, "in-process", Bytes);
        await using var device = await InProcessDevice.StartAsync(new DeviceFolder(Path.Combine(run.Scratch, "in-process"), 1), workload.Bundle);
        using var raw = new RawSession(TestModels.Identity(), Workload.Floats(1, Bytes / sizeof(float)));
        using var asker = new Asker(device, workload);
        var divisor = run.Smoke ? SmokeDivisor : 1;
        // Runs and answers are compiled again as they warm up, on a thread of its own.
        asker.Median(WarmUp / divisor);
        Repeat(raw, WarmUp / divisor);
        var count = Timed / divisor;
        var times = await Rounds.RunAsync(run.Rounds(RoundCount), () => Task.FromResult(asker.Median(count)), () => Task.FromResult(Repeat(raw, count)));
        Report(run.Report, times[0], times[1], count);
        AddAllocations(run.Report, asker, Counted / divisor);
    }

    private static double Repeat(RawSession raw, int count) => new LatencySamples(Enumerable.Range(0, count).Select(_ => raw.Run())).Median;

    private static void Report(BenchReport report, double[] ours, double[] raw, int count)
    {
        double[] added = [.. ours.Zip(raw, (device, session) => 1e3 * (device - session))];
        report.Add(new Figure("inproc-overhead-us", Median.Of(added), "us")
        {
            Goal = Goal.AtMost(20),
            Peer = "raw session run",
            PeerValue = 1e3 * Median.Of(raw),
            Samples = added.Length * count,
            Note = $"median of the rounds' p50; handler to queued answer {1e3 * Median.Of(ours):0.0} us, least round {added.Min():0.0} us above; "
                + $"identity of {Bytes} bytes, binary; compiled just in time, where the device is compiled ahead",
        });
    }

    private static void AddAllocations(BenchReport report, Asker asker, int count)
    {
        var least = Enumerable.Range(0, AllocationRounds).Min(_ => asker.BytesOf(count) / (double)count);
        report.Add(new Figure("alloc-bytes-per-request", least, "B")
        {
            Goal = Goal.AtMost(1),
            Samples = AllocationRounds * count,
            Note = "all threads of the process, the least of the rounds: timers of the thread pool are in it",
        });
    }

    /// <summary>Asks one request after the other.</summary>
    private sealed class Asker : IDisposable
    {
        private readonly SemaphoreSlim _answered = new(0);
        private readonly InProcessDevice _device;
        private readonly Action _ask;
        private long _arrived;

        public Asker(InProcessDevice device, Workload workload)
        {
            (_device, _ask) = (device, device.Asking(workload.Bundle.Model, workload.Requests[0]));
            device.Link.Published += Note;
        }

        /// <summary>The p50 of so many, in milliseconds.</summary>
        public double Median(int count) => new LatencySamples(Enumerable.Range(0, count).Select(_ => Ask())).Median;

        public long BytesOf(int count)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var i = 0; i < count; i++) Ask();
            return GC.GetTotalAllocatedBytes(precise: true) - before;
        }

        // The device publishes once more when it stops.
        public void Dispose()
        {
            _device.Link.Published -= Note;
            _answered.Dispose();
        }

        private void Note()
        {
            Volatile.Write(ref _arrived, Stopwatch.GetTimestamp());
            _answered.Release();
        }

        private double Ask()
        {
            var start = Stopwatch.GetTimestamp();
            _ask();
            if (!_answered.Wait(Patience)) throw new TimeoutException($"no answer within {Patience.TotalSeconds} s");
            return Stopwatch.GetElapsedTime(start, Volatile.Read(ref _arrived)).TotalMilliseconds;
        }
    }
}
