using EdgeRuntime.Device.Scheduling;

namespace EdgeRuntime.Device.Tests.Scheduling;

/// <summary>
/// One lane and its clients as discrete events: the real queue, forecast and batch policy, runs that take what a cost says, arrivals by a seeded Poisson
/// process. Time counts in ticks of 100 ns.
/// </summary>
internal sealed class LaneSimulation(int seed)
{
    private const double Second = TimeSpan.TicksPerSecond;

    private readonly Random _random = new(seed);
    private readonly LaneForecast _forecast = new(TimeSpan.TicksPerSecond);
    private readonly List<Source> _sources = [];
    private long _now;

    /// <summary>What a run takes, in seconds.</summary>
    public required Func<Random, double> Cost { get; init; }

    public TimeSpan Length { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Not counted: nothing is known of the model at first.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(5);

    public LaneSimulation With(Source source)
    {
        _sources.Add(source);
        return this;
    }

    public void Run()
    {
        var queue = new RequestQueue<Request>(256, _forecast);
        var arrivals = new PriorityQueue<Source, long>();
        foreach (var source in _sources) arrivals.Enqueue(source, Next(source, 0));
        Request? running = null;
        long runEnds = long.MaxValue;
        while (_now < Length.Ticks)
        {
            arrivals.TryPeek(out var source, out long arrival);
            if (arrival < runEnds)
            {
                _now = arrival;
                arrivals.DequeueEnqueue(source!, Next(source!, _now));
                Offer(queue, source!);
            }
            else
            {
                _now = runEnds;
                queue.Update(new CompletedRun(_now, 1, 1, 1), static (forecast, run) => forecast.Ended(run));
                if (running is not null) End(running, inTime: _now <= running.Due);
                (running, runEnds) = (null, long.MaxValue);
            }
            if (running is null && (running = Take(queue)) is not null) runEnds = _now + (long)(Cost(_random) * Second);
        }
    }

    private void Offer(RequestQueue<Request> queue, Source source)
    {
        long due = _now + (long)(source.Deadline(_random) * Second);
        var request = new Request(source, due);
        bool counts = _now > WarmUp.Ticks;
        if (counts) source.Sent++;
        bool isAdmitted = queue.TryAdd(request, new QueueStanding(source.Priority), due, due - Math.Min((due - _now) / 16, TimeSpan.TicksPerMillisecond * 20), _now, out var displaced).IsAdmitted;
        if (isAdmitted && counts) source.Accepted++;
        if (displaced is not null) End(displaced, inTime: false);
    }

    private Request? Take(RequestQueue<Request> queue)
    {
        while (queue.TryTakeNow(0, out var entry))
        {
            if (entry.Request.Due - _now >= queue.Typical(1, _now))
            {
                queue.Update(_now, static (forecast, now) => forecast.Started(now, 1));
                return entry.Request;
            }
            End(entry.Request, inTime: false);
        }
        return null;
    }

    private void End(Request request, bool inTime)
    {
        if (_now > WarmUp.Ticks && inTime) request.Source.InTime++;
        if (_now > WarmUp.Ticks && !inTime) request.Source.Missed++;
    }

    private long Next(Source source, long now) => now + (long)(-Math.Log(1 - _random.NextDouble()) / source.Rate * Second);

    /// <summary>One kind of requests: how many a second, how much time they have, and what became of them.</summary>
    public sealed class Source(double rate, Func<Random, double> deadline, int priority = 4)
    {
        public double Rate => rate;
        public Func<Random, double> Deadline => deadline;
        public int Priority => priority;
        public int Sent { get; set; }
        public int Accepted { get; set; }
        public int InTime { get; set; }
        public int Missed { get; set; }

        /// <summary>Of those that were accepted and have ended, the part that was answered in time.</summary>
        public double Kept => InTime / (double)Math.Max(1, InTime + Missed);
    }

    private sealed record Request(Source Source, long Due);
}
