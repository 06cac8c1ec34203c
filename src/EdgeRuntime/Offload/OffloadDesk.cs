using EdgeRuntime.Device.Configuration;
using EdgeRuntime.Device.Decisions;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Admission;
using EdgeRuntime.Serving.Lanes;
using EdgeRuntime.Serving.Metrics;

namespace EdgeRuntime.Device.Offload;

/// <summary>
/// Hands requests to servers. Decides at arrival, keeps an eye on what is on its way, and gives up in time what does not come: a request with a fallback
/// waits in its lane's queue meanwhile. Thread-safe.
/// </summary>
internal sealed partial class OffloadDesk : IOffloadDesk, IDisposable
{
    private const double Caution = 3.3, Silence = 1, LeastPause = 0.02; // standard deviations; seconds after which a server counts as silent, and for which a full one is left alone

    private readonly OffloadSettings _settings;
    private readonly OffloadParts _parts;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly ServerBook _book;
    private readonly RiskLimit _risk;
    private readonly Dictionary<long, Sending> _sendings = [];
    private long _ids;

    public OffloadDesk(OffloadSettings settings, OffloadParts parts)
    {
        (_settings, _parts, _time) = (settings, parts, parts.Time);
        _book = new ServerBook(parts.Fleet, parts.Device, settings, parts.Chance);
        _risk = new RiskLimit(settings.AtRisk);
        _outlook = Outlook_NeedsLock;
        _timer = _time.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _ids = parts.Chance.NextInt64(); // answers of an earlier start are nobody's
        parts.Metrics.Offload = Gauges;
    }

    public RouteAdvice Advise(in RouteQuery query)
    {
        var here = Here(query);
        double left = Seconds(query.Due - query.Now), floor = query.Properties.MinQuality ?? 0;
        lock (_gate)
        {
            double now = Now();
            _asked = (query.Bytes, query.Properties.Priority, now);
            var candidate = _parts.IsConnected() && Count_NeedsLock(query.Properties.Priority, isAtRisk: false) < _settings.InFlight
                ? _book.Choose(query.Lane.Name, query.Properties.Priority, now, _outlook) : null;
            var offer = candidate is { } found ? Offer_NeedsLock(found, query.Properties.Offload == OffloadRule.Only) : default;
            var decision = Decide(here, left, floor, offer);
            _parts.Decided?.Invoke(new RouteRecord(query.Lane.Name, here, left, floor, offer, candidate?.Server.Name ?? "", decision));
            return new RouteAdvice(decision.Route, decision.HasFallback, decision.Route == RequestRoute.Server ? candidate : null); // boxed only where it is needed
        }
    }

    /// <summary>The decision, with the caution of this device; of a recorded one too.</summary>
    public static RouteDecision Decide(in LocalOffer here, double left, double floor, in ServerOffer offer) => RouteChoice.Decide(here, left, floor, offer, Caution);

    public Outcome NoServer(string model)
    {
        lock (_gate)
        {
            var known = _book.All.Where(server => server.Find(model) is not null).ToList();
            string why = known.Count == 0 ? "none is known that serves it"
                : known.All(server => server.Breaker.IsOpen) ? "those that serve it do not answer"
                : "none would answer in time";
            return new Outcome(RefusalReason.NoServer, $"the request needs a server for model '{model}': {why}", TimeSpan.FromSeconds(1));
        }
    }

    public ISending Prepare(PendingRequest pending, ModelLane lane, in RouteAdvice advice)
    {
        var (server, line, mean, deviation) = (ServerBook.Candidate)advice.Server!;
        lock (_gate)
        {
            double now = Now();
            bool isProbe = server.Breaker.IsOpen;
            var sending = new Sending(this, unchecked(++_ids), pending, lane, server, line)
            {
                HasFallback = advice.HasFallback,
                IsProbe = isProbe,
                Due = pending.Due,
                Priority = pending.Properties.Priority,
                SentAt = now,
                Bytes = pending.Incoming.PayloadLength + _parts.BytesAhead(),
                Promised = line.Path.AtTheServer + Queued_NeedsLock(server, line, pending.Properties.Priority),
                LateAt = now + Math.Min(Silence, (1.5 * mean) + (Caution * deviation) + 0.05),
            };
            _sendings.Add(sending.Id, sending);
            server.Breaker.Sent();
            pending.Sending = sending;
            return sending;
        }
    }

    public bool TrySend(ISending prepared)
    {
        var sending = (Sending)prepared;
        lock (sending.Gate)
        {
            if (sending.IsOver) return true; // it has its answer, from whoever was first
            if (_parts.Post.TryPublish(sending, _time.GetElapsedTime(_time.GetTimestamp(), sending.Due)))
            {
                sending.IsSent = true;
                Arm();
                return true;
            }
            if (sending.TryEnd_NeedsLock()) LearnNothing(sending);
            if (sending.HasFallback) sending.Lane.Release(sending.Pending);
            return false;
        }
    }

    public bool Cancel(ReadOnlySpan<byte> client, ReadOnlySpan<byte> correlation)
    {
        bool found = false;
        foreach (var sending in Snapshot())
        {
            if (sending.HasFallback) continue; // its lane's to find
            lock (sending.Gate)
            {
                if (sending.IsOver || !sending.Pending.Is(client, correlation) || !sending.TryEnd_NeedsLock()) continue;
                GiveUp(sending);
                _parts.Dismissal.End(sending.Pending, sending.Lane.Name, ModelRunner.Cancelled);
                found = true;
            }
        }
        return found;
    }

    /// <summary>It is over.</summary>
    public void Forget(Sending sending)
    {
        lock (_gate) _sendings.Remove(sending.Id);
    }

    /// <summary>It ended here, by the device's own answer or by its client, while a server works on it.</summary>
    public void GiveUp(Sending sending)
    {
        LearnNothing(sending);
        if (sending.IsSent) _parts.Post.Cancel(sending);
    }

    // It ended and says nothing of its server: another may try that one.
    private void LearnNothing(Sending sending)
    {
        lock (_gate)
            if (sending.IsProbe) sending.Server.Breaker.GivenUp();
    }

    private OffloadGauges Gauges()
    {
        lock (_gate)
        {
            int online = 0, avoided = 0;
            foreach (var server in _book.All)
            {
                if (!server.IsOnline) continue;
                online++;
                if (server.Breaker.IsOpen) avoided++;
            }
            return new OffloadGauges(online - avoided, avoided, _sendings.Count, Count_NeedsLock(priority: 0, isAtRisk: true), _risk.Value);
        }
    }

    private Sending[] Snapshot()
    {
        lock (_gate) return [.. _sendings.Values];
    }

    private static LocalOffer Here(in RouteQuery query)
    {
        if (!query.IsServedHere) return new LocalOffer(false, 0, 0, IsBarred: true);
        var (isAdmitted, worth, least) = query.Lane.Foresee(query.Properties, query.Due, query.Now);
        return new LocalOffer(isAdmitted, worth, least);
    }

    // A request that only a server may answer has nothing to lose: it is what tries a server that failed.
    private ServerOffer Offer_NeedsLock(in ServerBook.Candidate candidate, bool isOnly)
    {
        bool mayRisk = Count_NeedsLock(_asked.Priority, isAtRisk: true) < _risk.Value;
        double reserve = _asked.Priority > RequestProperties.DefaultPriority ? ServerOffer.UrgentReserve : ServerOffer.UsualReserve;
        return new ServerOffer(true, candidate.Server.Breaker.IsOpen && !isOnly, mayRisk, candidate.Line.Load!.Quality, candidate.Mean, candidate.Deviation, reserve);
    }

    // What is with servers of that priority or a higher one: lower ones take no room from it.
    private int Count_NeedsLock(int priority, bool isAtRisk)
    {
        int count = 0;
        foreach (var sending in _sendings.Values)
            if (sending.Priority >= priority && (!isAtRisk || !sending.HasFallback)) count++;
        return count;
    }

    private readonly Func<KnownServer, KnownServer.Line, (double Mean, double Deviation)> _outlook;
    private (int Bytes, int Priority, double Now) _asked;

    private (double Mean, double Deviation) Outlook_NeedsLock(KnownServer server, KnownServer.Line line)
    {
        var (mean, deviation) = line.Path.Outlook(_asked.Bytes, _parts.BytesAhead(), _asked.Now);
        return (mean + (Queued_NeedsLock(server, line, _asked.Priority) * line.Path.Server.Mean), deviation);
    }

    // What this device itself has sent there since the server said how much waits.
    private double Queued_NeedsLock(KnownServer server, KnownServer.Line line, int priority)
    {
        int sent = 0;
        foreach (var sending in _sendings.Values)
            if (sending.Server == server && sending.Priority >= priority && sending.SentAt >= server.HeardAt) sent++;
        return sent * line.Load!.ServiceMicroseconds / 1e6;
    }

    private double Now() => _time.GetElapsedTime(0, _time.GetTimestamp()).TotalSeconds;

    private double Seconds(long span) => _time.GetElapsedTime(0, span).TotalSeconds;
}
