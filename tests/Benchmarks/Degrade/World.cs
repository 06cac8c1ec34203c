using EdgeRuntime.Device.Offload;
using EdgeRuntime.Serving.Admission;
using EdgeRuntime.Serving.Degradation;

namespace EdgeRuntime.Benchmarks.Degrade;

/// <summary>A device under a simulated clock: one core, a queue by deadline, a way up and a server. The same scenario and policy give the same outcome.</summary>
internal sealed class World
{
    private enum Happening
    {
        Arrival,
        RunEnds,
        Answer,
        Look,
        Second,
        Restarted,
    }

    private const double OutOfMemoryOutage = 2, MemoryWarning = 2;

    private readonly IPolicy _policy;
    private readonly PriorityQueue<(Happening What, object? Whom), (double At, int Order)> _events = new();
    private readonly List<SimRequest> _waiting = [];
    private readonly List<Sending> _sendings = [];
    private readonly HashSet<int> _settled = [];
    private readonly Temperature _temperature;
    private int _order;
    private double _upFree;
    private bool _isDown;

    public World(Scenario scenario, IPolicy policy)
    {
        (Scenario, _policy, _temperature) = (scenario, policy, new Temperature(scenario.Heat));
        foreach (var request in scenario.Requests) At(request.At, Happening.Arrival, request);
        for (var second = 0; second < scenario.Duration; second++) At(second, Happening.Second, null);
    }

    public Scenario Scenario { get; }

    public double Now { get; private set; }

    public Outcomes Outcomes { get; } = new();

    /// <summary>Earliest deadline first.</summary>
    public IReadOnlyList<SimRequest> Waiting => _waiting;

    /// <summary>On their way to the server and back.</summary>
    public IReadOnlyList<Sending> Sendings => _sendings;

    /// <summary>What runs: its request, rung, since when, and until when, which only the oracle may know.</summary>
    public (SimRequest Request, int Rung, double Since, double Until)? Run { get; private set; }

    /// <summary>What a sensor says of the memory: a little before it is short.</summary>
    public int MemoryCap => Math.Max(Scenario.MemoryCap(Now), Scenario.MemoryCap(Now + MemoryWarning));

    /// <summary>What a sensor says.</summary>
    public double Celsius => _temperature.Celsius;

    /// <summary>Bytes that are on their way up, as far as a device knows: they have left its hands.</summary>
    public double BytesAhead => Math.Max(0, _upFree - Now) * Scenario.Bandwidth(Now);

    /// <summary>What a run takes that begins then: the truth.</summary>
    public double Seconds(SimRequest request, int rung, double at) => Scenario.Rungs[rung].Seconds * Scenario.Slow(at) * _temperature.Factor * request.Luck;

    public void Play()
    {
        while (_events.TryDequeue(out var happening, out var when) && when.At < Scenario.Duration + 10)
        {
            Now = when.At;
            _temperature.Pass(Now, Run?.Rung);
            Happen(happening.What, happening.Whom);
            foreach (var sending in _sendings.ToArray())
                if (_policy.NeedsFallback(this, sending)) FallBack(sending);
            Begin();
        }
    }

    /// <summary>How a request would fare that is sent now: the truth.</summary>
    public Sending Preview(SimRequest request, bool hasFallback)
    {
        double up = Upload.End(Scenario, Math.Max(Now, _upFree), request.Bytes), there = up + (Scenario.RoundTrip(up) / 2);
        double wait = Scenario.ServerWait(there), takes = wait + (Scenario.ServerService * request.ServerLuck);
        bool isRefusal = there + takes > request.Deadline;
        if (isRefusal) takes = 0;
        bool isLost = !Scenario.IsServerUp(there) || !Scenario.IsServerUp(there + takes);
        return new Sending
        {
            Request = request,
            HasFallback = hasFallback,
            Sent = Now,
            Ahead = BytesAhead,
            AtTheServer = takes,
            IsRefusal = isRefusal,
            Arrives = isLost ? double.PositiveInfinity : there + takes + (Scenario.RoundTrip(there + takes) / 2),
        };
    }

    private void Happen(Happening what, object? whom)
    {
        switch (what)
        {
            case Happening.Arrival: Arrive((SimRequest)whom!); break;
            case Happening.RunEnds: EndRun(); break;
            case Happening.Answer: Answer((Sending)whom!); break;
            case Happening.Look: Look((Sending)whom!); break;
            case Happening.Second: PassSecond(); break;
            default: _isDown = false; break;
        }
    }

    private void Arrive(SimRequest request)
    {
        var decision = _policy.Arrive(this, request);
        if (decision.Route == RequestRoute.Refuse) Outcomes.Refuse();
        else if (decision.Route == RequestRoute.Local) Enqueue(request);
        else Send(request, decision.HasFallback);
    }

    private void Send(SimRequest request, bool hasFallback)
    {
        var sending = Preview(request, hasFallback);
        _upFree = Upload.End(Scenario, Math.Max(Now, _upFree), request.Bytes);
        _sendings.Add(sending);
        _policy.Sent(this, sending);
        if (double.IsFinite(sending.Arrives)) At(sending.Arrives, Happening.Answer, sending);
        At(_policy.NextLook(this, sending), Happening.Look, sending);
        At(request.Deadline, Happening.Look, sending);
    }

    private void Look(Sending sending)
    {
        if (sending.IsOver) return;
        if (Now >= sending.Request.Deadline)
        {
            Leave(sending);
            if (!_waiting.Contains(sending.Request) && Run?.Request != sending.Request) Settle(sending.Request, 0);
        }
        else if (_policy.NeedsFallback(this, sending)) FallBack(sending);
        else At(_policy.NextLook(this, sending), Happening.Look, sending);
    }

    private void FallBack(Sending sending)
    {
        if (!sending.HasFallback || _waiting.Contains(sending.Request) || Run?.Request == sending.Request) return;
        Enqueue(sending.Request);
    }

    private void Answer(Sending sending)
    {
        if (sending.IsOver) return;
        Leave(sending);
        _policy.Answered(this, sending);
        if (sending.IsRefusal)
        {
            if (sending.HasFallback) FallBack(sending);
            else Settle(sending.Request, 0);
            return;
        }
        _waiting.Remove(sending.Request);
        Settle(sending.Request, Now <= sending.Request.Deadline ? Scenario.ServerQuality : 0);
    }

    private void Leave(Sending sending)
    {
        sending.IsOver = true;
        _sendings.Remove(sending);
    }

    private void PassSecond()
    {
        if (Scenario.IsServerUp(Now) && Scenario.Bandwidth(Now) > 0)
            _policy.Heard(this, (Scenario.BeaconWait ?? Scenario.ServerWait)(Now), Scenario.ServerService);
        _policy.Second(this);
    }

    private void Enqueue(SimRequest request)
    {
        int at = _waiting.FindIndex(other => other.Deadline > request.Deadline);
        _waiting.Insert(at < 0 ? _waiting.Count : at, request);
    }

    private void Begin()
    {
        while (Run is null && !_isDown && _waiting.Count > 0)
        {
            var request = _waiting[0];
            _waiting.RemoveAt(0);
            if (_settled.Contains(request.Id)) continue;
            int rung = Now < request.Deadline ? _policy.Begin(this, request) : -1;
            if (rung < 0)
            {
                if (!_sendings.Exists(sending => sending.Request == request)) Settle(request, 0);
                continue;
            }
            Run = (request, rung, Now, Now + Seconds(request, rung, Now));
            At(Run.Value.Until, Happening.RunEnds, null);
        }
    }

    private void EndRun()
    {
        var (request, rung, since, _) = Run!.Value;
        Run = null;
        bool isKilled = rung < Scenario.MemoryCap(since);
        if (isKilled)
        {
            _isDown = true;
            At(Now + OutOfMemoryOutage, Happening.Restarted, null);
        }
        else _policy.Ended(this, rung, Now - since);
        if (_sendings.Find(sending => sending.Request == request) is { } sending) Leave(sending);
        Settle(request, !isKilled && Now <= request.Deadline ? Scenario.Rungs[rung].Quality : 0);
    }

    /// <param name="request">Accepted.</param>
    /// <param name="quality">Of its answer; 0 for none in time.</param>
    private void Settle(SimRequest request, double quality)
    {
        if (_settled.Add(request.Id)) Outcomes.Settle(quality);
    }

    private void At(double time, Happening what, object? whom)
    {
        if (double.IsFinite(time)) _events.Enqueue((what, whom), (Math.Max(time, Now), _order++));
    }
}
