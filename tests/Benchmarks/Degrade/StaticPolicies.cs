using EdgeRuntime.Device.Offload;
using EdgeRuntime.Serving.Admission;
using EdgeRuntime.Serving.Degradation;

namespace EdgeRuntime.Benchmarks.Degrade;

/// <summary>One rung for all, or the best that meets the floor; the server for nobody.</summary>
internal sealed class FixedRungPolicy(Scenario scenario, bool isBest) : DevicePolicy(scenario)
{
    public override string Name => isBest ? "local best" : "local smallest";

    public override RouteDecision Arrive(World world, SimRequest request)
    {
        int rung = Rung(request);
        if (rung < 0) return default;
        var promises = Promises(world, world.Waiting, other => Ladder[Rung(other)].Seconds);
        bool fits = new Schedule(promises, Rest(world), Pace, Caution).Fits(request.Deadline - world.Now, Ladder[rung].Seconds);
        return new RouteDecision(fits ? RequestRoute.Local : RequestRoute.Refuse, false, 0);
    }

    public override int Begin(World world, SimRequest request) => Rung(request);

    private int Rung(SimRequest request)
    {
        int shortest = Ladder.Shortest(Cap, request.Floor);
        return shortest < 0 || !isBest ? shortest : Cap;
    }
}

/// <summary>The server for everybody who may and is expected to be answered in time.</summary>
internal sealed class AlwaysOffloadPolicy(Scenario scenario) : DevicePolicy(scenario)
{
    public override string Name => "always offload";

    public override RouteDecision Arrive(World world, SimRequest request)
    {
        var offer = Offer(world, request);
        bool isExpected = offer.IsAllowed && offer.Mean + (Caution * offer.Deviation) <= request.Deadline - world.Now;
        return new RouteDecision(isExpected ? RequestRoute.Server : RequestRoute.Refuse, false, 0);
    }

    public override int Begin(World world, SimRequest request) => -1;
}

/// <summary>The best rung here while the queue is short, then the server; neither looks at the other.</summary>
internal sealed class ThresholdPolicy(Scenario scenario) : DevicePolicy(scenario)
{
    private const double LongestWait = 0.1;

    public override string Name => "threshold";

    public override RouteDecision Arrive(World world, SimRequest request)
    {
        if (Ladder.Shortest(Cap, request.Floor) < 0 && !request.MayOffload) return default;
        double left = request.Deadline - world.Now, seconds = Ladder[Cap].Seconds;
        var promises = Promises(world, world.Waiting, _ => seconds);
        var schedule = new Schedule(promises, Rest(world), Pace, Caution);
        bool isFloorMet = Ladder[Cap].Quality >= request.Floor, fits = isFloorMet && schedule.Fits(left, seconds);
        if (fits && schedule.Ahead(left) <= LongestWait) return new RouteDecision(RequestRoute.Local, false, 0);
        var offer = Offer(world, request);
        if (offer.IsAllowed && offer.Mean + (Caution * offer.Deviation) <= left) return new RouteDecision(RequestRoute.Server, false, 0);
        return new RouteDecision(fits ? RequestRoute.Local : RequestRoute.Refuse, false, 0);
    }

    public override int Begin(World world, SimRequest request) => Cap;
}
