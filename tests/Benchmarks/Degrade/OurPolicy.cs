using EdgeRuntime.Device.Degradation;
using EdgeRuntime.Device.Offload;

namespace EdgeRuntime.Benchmarks.Degrade;

/// <summary>The runtime's own decisions.</summary>
internal sealed class OurPolicy(Scenario scenario) : DevicePolicy(scenario)
{
    private const double Guard = 0.005;

    public override string Name => "ours";

    public override RouteDecision Arrive(World world, SimRequest request)
    {
        var schedule = new Schedule(Promises(world), Rest(world), Pace, Caution);
        return RouteChoice.Decide(Ladder, schedule, request.Deadline - world.Now, Cap, request.Floor, Offer(world, request), Caution);
    }

    public override int Begin(World world, SimRequest request) =>
        Ladder.Choose(new Schedule(Promises(world), 0, Pace, Caution), request.Deadline - world.Now, Cap, request.Floor);

    public override double NextLook(World world, Sending sending)
    {
        double late = base.NextLook(world, sending);
        return sending.HasFallback ? Math.Min(late, Math.Max(LastMoment(world, sending), world.Now + 0.001)) : late;
    }

    public override bool NeedsFallback(World world, Sending sending)
    {
        base.NeedsFallback(world, sending);
        return sending.HasFallback && world.Now >= LastMoment(world, sending) - 1e-6;
    }

    // The latest at which the device can begin to answer it and still be in time, with what has an earlier deadline before it. A run that begins
    // meanwhile leaves time for it: it is among the promises.
    private double LastMoment(World world, Sending sending)
    {
        double work = Rest(world), squares = work * work;
        foreach (var other in world.Waiting)
        {
            if (other.Deadline > sending.Request.Deadline) break;
            (work, squares) = (work + Least(other), squares + (Least(other) * Least(other)));
        }
        double own = Least(sending.Request);
        return sending.Request.Deadline - Pace.Safe(work + own, squares + (own * own), Caution) - Guard;
    }
}
