using EdgeRuntime.Device.Offload;
using EdgeRuntime.Serving.Admission;
using EdgeRuntime.Serving.Degradation;
using Xunit;

namespace EdgeRuntime.Device.Tests.Offload;

public sealed class RouteChoiceTests
{
    private const double Caution = 3.3;
    private static readonly Ladder Ladder = new([new Rung(1, 0.040), new Rung(0.985, 0.022), new Rung(0.95, 0.012)]);
    private static readonly ServerOffer Near = new(IsAllowed: true, IsProbe: false, MayRisk: true, Quality: 1, Mean: 0.05, Deviation: 0.005);

    [Fact]
    public void Decide_NobodyWaits_StaysHere() => Assert.Equal(new RouteDecision(RequestRoute.Local, false, 1), Decide(0, Near));

    [Fact]
    public void Decide_DeviceIsBusy_AsksTheServerAndKeepsAFallback()
    {
        var decision = Decide(15, Near);
        Assert.Equal((RequestRoute.Server, true), (decision.Route, decision.HasFallback));
    }

    [Fact]
    public void Decide_DeviceIsFull_AsksTheServerWithoutAFallback() => Assert.Equal((RequestRoute.Server, false), (Decide(40, Near).Route, Decide(40, Near).HasFallback));

    [Fact]
    public void Decide_DeviceIsFullAndTheServerUncertain_Refuses() => Assert.Equal(RequestRoute.Refuse, Decide(40, Near with { Deviation = 0.2 }).Route);

    [Fact]
    public void Decide_DeviceIsFullAndTheServerOnlyProbed_Refuses() => Assert.Equal(RequestRoute.Refuse, Decide(40, Near with { IsProbe = true }).Route);

    [Fact]
    public void Decide_DeviceIsFullAndTheServerIsSlow_OnlyWhatIsUrgentIsRisked()
    {
        var slow = Near with { Mean = 0.2 };
        Assert.Equal((RequestRoute.Refuse, RequestRoute.Server), (Decide(40, slow).Route, Decide(40, slow with { Reserve = ServerOffer.UrgentReserve }).Route));
    }

    [Fact]
    public void Decide_NoServer_HereOrNowhere()
    {
        Assert.Equal(RequestRoute.Local, Decide(15, default).Route);
        Assert.Equal(RequestRoute.Refuse, Decide(40, default).Route);
    }

    [Fact]
    public void Decide_FloorOnlyTheServerMeets_AsksIt()
    {
        Assert.Equal(RequestRoute.Server, Decide(0, Near, cap: 1, floor: 0.99).Route);
        Assert.Equal(RequestRoute.Refuse, Decide(0, Near with { Quality = 0.98 }, cap: 1, floor: 0.99).Route);
    }

    private static RouteDecision Decide(int waiting, ServerOffer offer, int cap = 0, double floor = 0)
    {
        var promises = Enumerable.Repeat(new Promise(0.4, 0.012), waiting).ToArray();
        var here = LocalOffer.Of(Ladder, new Schedule(promises, 0, Pace.AsExpected, Caution), 0.35, cap, floor);
        return RouteChoice.Decide(here, 0.35, floor, offer, Caution);
    }
}
