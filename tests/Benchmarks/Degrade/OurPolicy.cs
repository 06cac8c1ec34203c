using EdgeRuntime.Device.Offload;
using EdgeRuntime.Serving.Degradation;

namespace EdgeRuntime.Benchmarks.Degrade;

/// <summary>The runtime's own decisions.</summary>
internal sealed class OurPolicy(Scenario scenario) : DevicePolicy(scenario)
{
    private const double Guard = 0.005;

    private OfferedLoad _load;

    public override string Name => "ours";

    public override RouteDecision Arrive(World world, SimRequest request)
    {
        _load.Add(world.Now, Pace.Mean * Least(request));
        var schedule = new Schedule(Promises(world, Promised(world), Least), Rest(world), Pace, Caution, _load.Fullness(world.Now));
        var here = LocalOffer.Of(Ladder, schedule, request.Deadline - world.Now, Cap, request.Floor);
        return RouteChoice.Decide(here, request.Deadline - world.Now, request.Floor, Offer(world, request), Caution);
    }

    public override int Begin(World world, SimRequest request) =>
        RungChoice.Decide(Ladder, new Schedule(Promises(world, Promised(world), Least), 0, Pace, Caution, _load.Fullness(world.Now)), request.Deadline - world.Now, Cap, request.Floor);

    public override double NextLook(World world, Sending sending)
    {
        double late = base.NextLook(world, sending);
        return sending.HasFallback ? Math.Min(late, Math.Max(LastMoment(world, sending), world.Now + 0.001)) : late;
    }

    public override bool NeedsFallback(World world, Sending sending)
    {
        base.NeedsFallback(world, sending);
        return sending.HasFallback && world.Now + NextRun(world, sending) >= LastMoment(world, sending) - 1e-6;
    }

    // Where the next run is another's with more time left, it would end before the device looks again.
    private double NextRun(World world, Sending sending)
    {
        if (world.Run is not null || world.Waiting.Count == 0 || world.Waiting[0].Deadline <= sending.Request.Deadline) return 0;
        double least = Least(world.Waiting[0]);
        return Pace.Safe(least, least * least, Caution);
    }

    // The latest at which the device can begin to answer it and still keep all promises, each run as late as can be (EDL, Chetto and Chetto 1989). A run that
    // begins meanwhile leaves time for it: it is among the promises.
    private double LastMoment(World world, Sending sending)
    {
        double moment = double.PositiveInfinity;
        foreach (var request in Promised(world).OrderByDescending(request => request.Deadline))
        {
            double own = Least(request);
            moment = Math.Min(moment, request.Deadline) - Pace.Safe(own, own * own, Caution);
            if (request == sending.Request) break;
        }
        return moment - Guard;
    }
}
