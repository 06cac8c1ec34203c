using EdgeRuntime.Serving.Admission;
using EdgeRuntime.Serving.Scheduling;

namespace EdgeRuntime.Serving.Tests.Scheduling;

/// <summary>
/// One lane and its clients as discrete events: the real queue, forecast and batch policy, runs that take what a cost says, arrivals by a seeded Poisson
/// process. Time counts in ticks of 100 ns.
/// </summary>
internal sealed class LaneSimulation(int seed)
{
    private const double Second = TimeSpan.TicksPerSecond;
    private const int AtOnce = 2; // as a lane without batches counts

    private readonly Random _random = new(seed);
    private readonly LaneForecast _forecast = new(TimeSpan.TicksPerSecond);
    private readonly List<Source> _sources = [];
    private readonly ClientShares _shares = new(TimeSpan.TicksPerSecond);
    private long _now;

    /// <summary>What a run takes, in seconds.</summary>
    public required Func<Random, double> Cost { get; init; }

    /// <summary>By how much all runs are slower at a moment, which is given in seconds.</summary>
    public Func<double, double> Slowing { get; init; } = _ => 1;

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
                if (running?.Source.ErrorAfter is null) queue.Update(new CompletedRun(_now, 1, 1, 1), static (forecast, run) => forecast.Ended(run));
                else queue.Update(0, static (forecast, _) => forecast.Abandoned());
                if (running is not null) End(queue, running, inTime: _now <= running.Due);
                (running, runEnds) = (null, long.MaxValue);
            }
            if (running is null && (running = Take(queue)) is not null) runEnds = _now + (long)((running.Source.ErrorAfter ?? Cost(_random)) * Slowing(_now / Second) * Second);
        }
    }

    private void Offer(RequestQueue<Request> queue, Source source)
    {
        long due = _now + (long)(source.Deadline(_random) * Second);
        var place = default(RoundPlace);
        var share = source.Client is { } client ? _shares.Enter(client, _now, AtOnce, out place) : null;
        var request = new Request(source, _now, due, share, place.Round);
        bool counts = _now > WarmUp.Ticks;
        if (counts) source.Sent++;
        if (place.IsRefused)
        {
            share!.Leave(place.Round, isCharged: false);
            return;
        }
        bool isAdmitted = queue.TryAdd(request, new QueueStanding(source.Priority, place.Round, place.IsOverShare), due, due - Math.Min((due - _now) / 16, TimeSpan.TicksPerMillisecond * 20), _now, out var displaced).IsAdmitted;
        if (isAdmitted && counts) source.Accepted++;
        if (!isAdmitted) request.Share?.Leave(request.Round, isCharged: false);
        if (displaced is not null) End(queue, displaced, inTime: false);
    }

    private Request? Take(RequestQueue<Request> queue)
    {
        while (queue.TryTakeNow(0, out var entry))
        {
            if (entry.Request.Due - _now >= queue.Unslowed(0))
            {
                queue.Update(_now, static (forecast, now) => forecast.Started(now, 1));
                entry.Request.Started = _now;
                return entry.Request;
            }
            End(queue, entry.Request, inTime: false);
        }
        return null;
    }

    private void End(RequestQueue<Request> queue, Request request, bool inTime)
    {
        queue.Update((request.Source.Priority, Waited: (request.Started ?? _now) - request.Came, inTime), static (forecast, promise) => forecast.Promised(promise.Priority, promise.Waited, promise.inTime));
        request.Share?.Leave(request.Round, isCharged: request.Source.ErrorAfter is null && request.Started is not null, isVoid: request.Source.ErrorAfter is not null);
        if (_now > WarmUp.Ticks) request.Source.Latencies.Add((_now - request.Came) / Second);
        if (_now > WarmUp.Ticks && inTime) request.Source.InTime++;
        if (_now > WarmUp.Ticks && !inTime) request.Source.Missed++;
    }

    private long Next(Source source, long now) => now + (long)(-Math.Log(1 - _random.NextDouble()) / source.Rate * Second);

    /// <summary>One kind of requests: how many a second, how much time they have, and what became of them.</summary>
    /// <param name="rate">A second.</param>
    /// <param name="deadline">The time that one has, in seconds.</param>
    /// <param name="priority">Of all of them.</param>
    /// <param name="client">Whose share they take of the lane; null for many clients, none of whom has much.</param>
    public sealed class Source(double rate, Func<Random, double> deadline, int priority = 4, string? client = null)
    {
        public string? Client => client;
        public double Rate => rate;
        public Func<Random, double> Deadline => deadline;
        public int Priority => priority;

        /// <summary>After how many seconds of its turn a request turns out to be none; null where it is one.</summary>
        public double? ErrorAfter { get; init; }

        public int Sent { get; set; }
        public int Accepted { get; set; }
        public int InTime { get; set; }
        public int Missed { get; set; }

        /// <summary>Of what was accepted, from its coming to its end, in seconds.</summary>
        public List<double> Latencies { get; } = [];

        public double P99 => Latencies.Order().ElementAt((int)(0.99 * (Latencies.Count - 1)));

        /// <summary>Of those that were accepted and have ended, the part that was answered in time.</summary>
        public double Kept => InTime / (double)Math.Max(1, InTime + Missed);
    }

    private sealed record Request(Source Source, long Came, long Due, ClientShares.Share? Share, long Round)
    {
        public long? Started { get; set; }
    }
}
