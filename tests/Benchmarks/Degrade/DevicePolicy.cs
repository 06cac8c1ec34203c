using EdgeRuntime.Device.Degradation;
using EdgeRuntime.Device.Offload;
using EdgeRuntime.Serving.Degradation;

namespace EdgeRuntime.Benchmarks.Degrade;

/// <summary>
/// What a device knows and how it learns: common to our policy and to its peers, so that they differ in what they decide alone. All of them admit
/// only what they expect to answer in time.
/// </summary>
internal abstract class DevicePolicy : IPolicy
{
    protected const double Caution = 3.3;

    private const double Dwell = 10, Silence = 1;
    private readonly Breaker _breaker = new(new Random(5));
    private readonly ServerPath _path;
    private readonly LadderCap _cap;
    private readonly HeatWatch? _heat;
    private Pace _pace = Pace.AsExpected;

    protected DevicePolicy(Scenario scenario)
    {
        Ladder = new Ladder(scenario.Rungs);
        _path = new ServerPath(scenario.RoundTrip(0), Math.Max(scenario.Bandwidth(0), 1e5));
        _cap = new LadderCap(scenario.Rungs.Count, Dwell);
        if (scenario.Heat is { } heat) _heat = new HeatWatch(heat.Limit, _cap);
    }

    public abstract string Name { get; }

    protected Ladder Ladder { get; }

    protected Pace Pace => _pace;

    protected int Cap => _cap.Value;

    public abstract RouteDecision Arrive(World world, SimRequest request);

    public abstract int Begin(World world, SimRequest request);

    public void Ended(World world, int rung, double seconds) => _pace.Learn(seconds, Ladder[rung].Seconds);

    public virtual void Sent(World world, Sending sending)
    {
        sending.Promised = _path.AtTheServer;
        _breaker.Sent();
    }

    public void Answered(World world, Sending sending)
    {
        if (sending.IsRefusal) _breaker.Failed(world.Now, retryAfter: 0.2);
        else
        {
            _breaker.Succeeded();
            _path.Learn(sending.Request.Bytes + sending.Ahead, world.Now - sending.Sent, sending.AtTheServer, sending.Promised);
        }
    }

    public virtual double NextLook(World world, Sending sending) => sending.Sent + Patience(sending) is var late && late > world.Now ? late : double.PositiveInfinity;

    public virtual bool NeedsFallback(World world, Sending sending)
    {
        if (!sending.IsLate && world.Now >= sending.Sent + Patience(sending)) Late(world, sending);
        return false;
    }

    public void Heard(World world, double wait, double service) => _path.Heard(new Beacon(wait, service, world.Now));

    public void Second(World world)
    {
        _cap.Require(world.MemoryCap, world.Now);
        if (_heat is not null) _heat.Look(world.Celsius, world.Now);
        else if (world.MemoryCap < _cap.Value) _cap.Raise(world.Now);
        if (!_path.IsHeard(world.Now)) _breaker.Failed(world.Now);
    }

    /// <summary>What the server may be asked, as far as is known.</summary>
    protected ServerOffer Offer(World world, SimRequest request)
    {
        bool isAllowed = request.MayOffload && _path.IsHeard(world.Now) && _breaker.Allows(world.Now);
        var (mean, deviation) = _path.Outlook(request.Bytes, world.BytesAhead, world.Now);
        double late = world.Sendings.Select(sending => (world.Now - sending.Sent) / _path.Outlook(sending.Request.Bytes, sending.Ahead, sending.Sent).Mean).Append(1).Max();
        bool mayRisk = world.Sendings.All(sending => sending.HasFallback);
        return new ServerOffer(isAllowed, _breaker.IsOpen, mayRisk, world.Scenario.ServerQuality, late * mean, late * deviation);
    }

    /// <summary>What is promised to some requests, each counted at a run of so long.</summary>
    protected static Promise[] Promises(World world, IEnumerable<SimRequest> requests, Func<SimRequest, double> seconds) =>
        [.. requests.OrderBy(request => request.Deadline).Select(request => new Promise(request.Deadline - world.Now, seconds(request)))];

    /// <summary>What waits and what may have to be answered here after all.</summary>
    protected static IEnumerable<SimRequest> Promised(World world) => world.Waiting.Concat(world.Sendings
        .Where(sending => sending.HasFallback && !world.Waiting.Contains(sending.Request) && world.Run?.Request != sending.Request).Select(sending => sending.Request));

    /// <summary>What is left of the run under way, in profiled seconds.</summary>
    protected double Rest(World world) => world.Run is not { } run ? 0
        : Math.Max(Ladder[run.Rung].Seconds - ((world.Now - run.Since) / _pace.Mean), 0.1 * Ladder[run.Rung].Seconds);

    protected double Least(SimRequest request) => Ladder.Shortest(Cap, request.Floor) is >= 0 and var rung ? Ladder[rung].Seconds : 0;

    private void Late(World world, Sending sending)
    {
        sending.IsLate = true;
        _path.LearnStillGoing(sending.Request.Bytes + sending.Ahead, world.Now - sending.Sent, sending.Promised);
        _breaker.Failed(world.Now);
    }

    // What an answer takes but for one in a thousand, and a second at most: then the server counts as silent.
    private double Patience(Sending sending)
    {
        var (mean, deviation) = _path.Outlook(sending.Request.Bytes, sending.Ahead, sending.Sent);
        return Math.Min(Silence, (1.5 * mean) + (Caution * deviation) + 0.05);
    }
}
