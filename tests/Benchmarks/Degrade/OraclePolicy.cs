using EdgeRuntime.Device.Offload;
using EdgeRuntime.Serving.Admission;

namespace EdgeRuntime.Benchmarks.Degrade;

/// <summary>
/// Knows what every run will take, when every answer will come, and what a second of the device is worth in each window of time: the prices that
/// did best in hindsight. It never misses but where it was made to.
/// </summary>
/// <param name="prices">By window.</param>
/// <param name="window">Seconds of one.</param>
internal sealed class OraclePolicy(double[] prices, double window) : IPolicy
{
    private readonly Dictionary<int, int> _rungs = [];

    public string Name => "oracle";

    public RouteDecision Arrive(World world, SimRequest request)
    {
        double price = Price(world.Now);
        var (rung, worth) = (-1, 0.0);
        for (var candidate = 0; candidate < world.Scenario.Rungs.Count; candidate++)
        {
            double value = Worth(world, request, candidate, price);
            if (value > worth && Fits(world, request, candidate)) (rung, worth) = (candidate, value);
        }
        if (request.MayOffload && world.Scenario.ServerQuality >= request.Floor && world.Scenario.ServerQuality > worth)
        {
            var sending = world.Preview(request, hasFallback: false);
            if (!sending.IsRefusal && sending.Arrives <= request.Deadline) return new RouteDecision(RequestRoute.Server, false, world.Scenario.ServerQuality);
        }
        if (rung < 0) return default;
        _rungs[request.Id] = rung;
        return new RouteDecision(RequestRoute.Local, false, worth);
    }

    // Better than was thought, where there is time after all.
    public int Begin(World world, SimRequest request)
    {
        int chosen = _rungs[request.Id];
        for (var rung = 0; rung < chosen; rung++)
        {
            if (Worth(world, request, rung, Price(world.Now)) <= Worth(world, request, chosen, Price(world.Now)) || !Holds(world, [request, .. world.Waiting], request, rung, world.Now)) continue;
            return rung;
        }
        return chosen;
    }

    public void Ended(World world, int rung, double seconds)
    {
    }

    public void Sent(World world, Sending sending)
    {
    }

    public void Answered(World world, Sending sending)
    {
    }

    public double NextLook(World world, Sending sending) => double.PositiveInfinity;

    public bool NeedsFallback(World world, Sending sending) => false;

    public void Heard(World world, double wait, double service)
    {
    }

    public void Second(World world)
    {
    }

    private double Price(double now) => prices[Math.Min((int)(now / window), prices.Length - 1)];

    private static double Worth(World world, SimRequest request, int rung, double price) =>
        world.Scenario.Rungs[rung] is { Quality: var quality, Seconds: var seconds } && quality >= request.Floor ? quality - (price * seconds) : double.NegativeInfinity;

    private bool Fits(World world, SimRequest request, int rung)
    {
        SimRequest[] order = [.. world.Waiting.Append(request).OrderBy(other => other.Deadline)];
        return Holds(world, order, request, rung, world.Run?.Until ?? world.Now);
    }

    private bool Holds(World world, IEnumerable<SimRequest> order, SimRequest changed, int rung, double at)
    {
        foreach (var request in order)
        {
            int its = request == changed ? rung : _rungs[request.Id];
            if (its < world.Scenario.MemoryCap(at)) return false;
            at += world.Seconds(request, its, at);
            if (at > request.Deadline) return false;
        }
        return true;
    }
}
