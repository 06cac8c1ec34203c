using EdgeRuntime.Serving.Scheduling;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Scheduling;

/// <summary>
/// When a run waits for requests that are about to come: the real queue, forecast and batch policy, with clients that ask again 1 to 3 ms after their
/// answer, or come by chance. Time counts in microseconds.
/// </summary>
public sealed class GatheringTests
{
    private const long Second = 1_000_000, Far = 10 * Second;

    [Fact]
    public void InStep_OneReadingServesMany_RunsWaitForThoseJustAnswered()
    {
        var (answered, waited) = AskAgain(clients: 16, takes: rows => 20_000 + (300 * rows));
        var (without, _) = AskAgain(clients: 16, takes: rows => 20_000 + (300 * rows), gathers: false);
        Assert.InRange((double)answered / without, 1.4, 2);
        Assert.InRange(waited, 1_000, 5_000);
    }

    [Fact]
    public void InStep_TwoClients_TheyShareRuns()
    {
        var (answered, _) = AskAgain(clients: 2, takes: rows => 20_000 + (300 * rows));
        var (without, _) = AskAgain(clients: 2, takes: rows => 20_000 + (300 * rows), gathers: false);
        Assert.InRange((double)answered / without, 1.3, 2);
    }

    [Fact]
    public void InStep_BatchingSavesNothing_NoRunWaits()
    {
        var (answered, waited) = AskAgain(clients: 16, takes: rows => 5_000 * rows);
        var (without, _) = AskAgain(clients: 16, takes: rows => 5_000 * rows, gathers: false);
        Assert.InRange((double)answered / without, 0.99, 1.01);
        Assert.InRange(waited, 0, 50);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(200)]
    [InlineData(450)]
    public void ByChance_NobodyWaitsLongerInTheMean(double rate)
    {
        var with = Simulate(ByChance(rate), rows => 20_000 + (300 * rows), gathers: true);
        var without = Simulate(ByChance(rate), rows => 20_000 + (300 * rows), gathers: false);
        Assert.InRange(with.Latency / without.Latency, 0.5, 1.01);
        Assert.InRange(with.Waited, 0, 1000);
    }

    [Fact]
    public void ReadyToRun_DeadlineIsNear_DoesNotWait()
    {
        var queue = InStep();
        Assert.InRange(Ready(queue, left: Far), 1000, 4000);
        Assert.Equal(0, Ready(queue, left: 42_000)); // where sixteen may take twice of what eight do
    }

    [Fact]
    public void Gather_NobodyCame_ReturnsAfterTheMoment()
    {
        var time = TimeProvider.System;
        var queue = new RequestQueue<string>(100, Forecast(time.TimestampFrequency));
        long second = time.TimestampFrequency, now = time.GetTimestamp();
        for (int run = 40; run > 0; run--) Run(queue, now - (run * second), second / Second);
        Assert.True(queue.TryAdd("r", new QueueStanding(4), now + second, now + second, time.GetTimestamp(), out _).IsAdmitted);
        now = time.GetTimestamp();
        queue.Gather(new ComputeTurns(1, time));
        Assert.InRange(time.GetElapsedTime(now).TotalMilliseconds, 0.4, 1000); // the machine has other work as well
    }

    private static LaneForecast Forecast(long second) => new(second, new BatchPolicy(second, 16, first: 16));

    private static RequestQueue<string> InStep()
    {
        var queue = new RequestQueue<string>(100, Forecast(Second));
        for (int run = 1; run <= 40; run++) Run(queue, run * 100_000L, unit: 1);
        return queue;
    }

    // Until when it waits, from now on.
    private static long Ready(RequestQueue<string> queue, long left)
    {
        const long now = 5 * Second;
        for (int i = 0; i < 8; i++) Assert.True(queue.TryAdd("r", new QueueStanding(4), now + left, now + left, now, out _).IsAdmitted);
        long until = queue.ReadyToRun(now).Until;
        while (queue.TryTakeNow(0, out _)) { }
        return until - now;
    }

    // Eight are there, eight more come a millisecond and a half after the run began.
    private static void Run(RequestQueue<string> queue, long now, long unit)
    {
        Add(now);
        queue.ReadyToRun(now);
        queue.Update(now, static (forecast, at) => forecast.Gathering.Begun(at));
        while (queue.TryTakeNow(0, out _)) { }
        queue.Update(now, static (forecast, at) => forecast.Started(at, 8));
        Add(now + (1500 * unit));
        queue.Update(new CompletedRun(now + (20_000 * unit), 8, 8, 8), static (forecast, run) => forecast.Ended(run));
        while (queue.TryTakeNow(0, out _)) { }

        void Add(long at)
        {
            for (int i = 0; i < 8; i++) queue.TryAdd("r", new QueueStanding(4), long.MaxValue, long.MaxValue, at, out _);
        }
    }

    private static (int Answered, double Waited) AskAgain(int clients, Func<int, long> takes, bool gathers = true)
    {
        var random = new Random(3);
        var (answered, waited, _) = Simulate(new Clients([.. Enumerable.Range(0, clients).Select(_ => random.NextInt64(20_000))], null, () => 1000 + random.NextInt64(2000)), takes, gathers);
        return (answered, waited);
    }

    private static Clients ByChance(double rate)
    {
        var random = new Random(5);
        long at = 0;
        return new Clients([], () => at += (long)(-Math.Log(1 - random.NextDouble()) / rate * Second), null);
    }

    private static (int Answered, double Waited, double Latency) Simulate(Clients clients, Func<int, long> takes, bool gathers)
    {
        var queue = new RequestQueue<string>(256, new LaneForecast(Second, new BatchPolicy(Second, 32)));
        var inOrder = new Queue<long>();
        long now = 0;
        double waited = 0, latency = 0;
        int answered = 0, runs = 0;
        for (; now < 60 * Second; runs++)
        {
            if (queue.Count == 0) AdmitAt(clients.Next);
            long ready = now;
            for (var plan = queue.ReadyToRun(now); gathers && now < plan.Until && queue.Count < plan.Enough;) AdmitAt(Math.Min(plan.Until, clients.Next));
            waited += now - ready;
            queue.Update(now, static (forecast, at) => forecast.Gathering.Begun(at));
            int limit = queue.BatchLimit, waiting = queue.Count, rows = 0;
            while (rows < limit && queue.TryTakeNow(0, out _)) rows++;
            queue.Update((now, rows), static (forecast, run) => forecast.Started(run.now, run.rows));
            AdmitAt(now + takes(rows));
            queue.Update(new CompletedRun(now, rows, rows, waiting), static (forecast, run) => forecast.Ended(run));
            for (int i = 0; i < rows; i++) latency += now - inOrder.Dequeue();
            clients.Answered(rows, now);
            answered += rows;
        }
        return (answered, waited / runs, latency / answered);

        void AdmitAt(long then)
        {
            while (clients.Next <= then)
            {
                long at = clients.Take();
                inOrder.Enqueue(at);
                queue.TryAdd("r", new QueueStanding(4), at + Far, at + Far, at, out _);
            }
            now = then;
        }
    }

    // Who comes by chance, or asks again a while after an answer.
    private sealed class Clients
    {
        private readonly PriorityQueue<int, long> _arrivals;
        private readonly Func<long>? _next, _pause;

        public Clients(long[] first, Func<long>? next, Func<long>? pause)
        {
            (_arrivals, _next, _pause) = (new PriorityQueue<int, long>(first.Select(at => (0, at))), next, pause);
            if (next is not null) _arrivals.Enqueue(0, next());
        }

        public long Next => _arrivals.TryPeek(out _, out long at) ? at : long.MaxValue;

        public long Take()
        {
            _arrivals.TryDequeue(out _, out long at);
            if (_next is not null) _arrivals.Enqueue(0, _next());
            return at;
        }

        public void Answered(int count, long now)
        {
            for (int i = 0; i < count && _pause is not null; i++) _arrivals.Enqueue(0, now + _pause());
        }
    }
}
