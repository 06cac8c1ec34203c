using Xunit;

namespace EdgeRuntime.Serving.Tests.Scheduling;

/// <summary>What the runtime promises under overload, on simulated minutes of one lane. Seeds are fixed: a failure is found again.</summary>
public sealed class OverloadTests
{
    private const double MeanRun = 0.012;

    // Text lines of many widths: runs of 4 to 20 ms, and one in two hundred is disturbed by another process.
    private static double Run(Random random) => (0.004 + 0.016 * random.NextDouble()) * (random.Next(200) == 0 ? 2.5 : 1);

    [Theory]
    [InlineData(3, 1)]
    [InlineData(10, 1)]
    [InlineData(3, 2)]
    [InlineData(10, 2)]
    public void Overload_WhatIsAccepted_IsAnsweredInTimeAndTheModelIsKeptBusy(int load, int seed)
    {
        var clients = new LaneSimulation.Source(load / MeanRun, random => 0.15 + 0.2 * random.NextDouble());
        AssertKeptAndBusy(new LaneSimulation(seed) { Cost = Run }, [clients]);
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(10, 1)]
    [InlineData(3, 2)]
    [InlineData(10, 2)]
    public void Overload_FourClientsInRounds_PromisesAreKept(int load, int seed)
    {
        LaneSimulation.Source[] clients = [.. Enumerable.Range(0, 4).Select(at => new LaneSimulation.Source(load / MeanRun / 4, _ => 10 * MeanRun, client: $"client-{at}"))];
        AssertKeptAndBusy(new LaneSimulation(seed) { Cost = Run }, clients, least: 0.9999);
        double longest = clients.Max(client => client.Latencies.Max());
        Assert.True(longest <= 12 * MeanRun, $"one that was accepted waited {longest:f3} s for its end, with a deadline of {10 * MeanRun:f3} s"); // nobody is overtaken for ever
    }

    // A neighbour takes a third of the core for a while, again and again: all that waits then is late together.
    [Theory]
    [InlineData(3, 1)]
    [InlineData(10, 1)]
    [InlineData(3, 2)]
    [InlineData(10, 2)]
    public void Overload_NeighbourComesAndGoes_PromisesAreKeptOnceItIsKnown(int load, int seed)
    {
        var clients = new LaneSimulation.Source(load / MeanRun, _ => 10 * MeanRun);
        AssertKeptAndBusy(new LaneSimulation(seed) { Cost = Run, Slowing = at => at % 7 < 0.4 ? 1.6 : 1, WarmUp = TimeSpan.FromSeconds(30) }, [clients], slowed: 1.035);
    }

    // The machine stands still for three runs, now and then: with more asked for than can be done, promises leave room for that.
    [Theory]
    [InlineData(3, 1)]
    [InlineData(10, 1)]
    [InlineData(3, 2)]
    [InlineData(10, 2)]
    public void Overload_MachineStandsStillForThreeRuns_PromisesAreKept(int load, int seed)
    {
        var clients = new LaneSimulation.Source(load / MeanRun, _ => 10 * MeanRun);
        AssertKeptAndBusy(new LaneSimulation(seed) { Cost = random => Run(random) + (random.Next(300) == 0 ? 3 * MeanRun : 0) }, [clients], slowed: 1.01, least: 0.9999);
    }

    private static void AssertKeptAndBusy(LaneSimulation simulation, LaneSimulation.Source[] clients, double slowed = 1, double least = 0.999)
    {
        foreach (var client in clients) simulation.With(client);
        simulation.Run();
        int inTime = clients.Sum(client => client.InTime);
        double kept = inTime / (double)Math.Max(1, clients.Sum(client => client.InTime + client.Missed));
        double goodput = inTime / (simulation.Length - simulation.WarmUp).TotalSeconds * MeanRun * 1.0075 * slowed; // of what runs without a pause would give
        Assert.True(kept >= least, $"{kept:p3} of {clients.Sum(client => client.Accepted)} accepted requests were in time");
        Assert.True(goodput >= 0.95, $"goodput is {goodput:p1} of the peak");
    }

    [Fact]
    public void Overload_RunsGetSlowerByHalf_PromisesAreKeptAgainWithinSeconds()
    {
        int runs = 0;
        var clients = new LaneSimulation.Source(3 / MeanRun, _ => 0.25);
        new LaneSimulation(3) { Cost = random => Run(random) * (++runs > 2000 ? 1.5 : 1) }.With(clients).Run();
        Assert.True(clients.Kept >= 0.998, $"{clients.Kept:p3} of {clients.Accepted} accepted requests were in time");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Flood_OfLowPriorityAtTwelveTimesTheLoad_HighPriorityIsServedInTime(int seed)
    {
        var flood = new LaneSimulation.Source(12 / MeanRun, random => 0.2 + 2 * random.NextDouble(), priority: 1);
        var high = new LaneSimulation.Source(0.3 / MeanRun, _ => 0.2, priority: 8);
        new LaneSimulation(seed) { Cost = Run, Length = TimeSpan.FromSeconds(240) }.With(flood).With(high).Run();
        Assert.True(high.InTime >= 0.999 * high.Sent - 1, $"{high.InTime} of {high.Sent} requests of high priority were in time");
        Assert.True(flood.InTime > 0, "the flood is served with what is left");
    }

    [Fact]
    public void Flood_OfAnotherClientAtTwelveTimesTheLoad_IsFeltNoMoreThanALawfulOne()
    {
        var flood = Beside(() => [Other(12)]);
        AssertFeltNoMore(flood, Beside(() => [Other(0.5)]));
        Assert.True(flood.InTime >= 0.99 * flood.Sent, $"{flood.InTime} of {flood.Sent} were in time"); // p99 again: what is refused is as late as can be
    }

    [Fact]
    public void Malformed_AsOftenAsTheDeviceCouldAnswer_IsFeltNoMoreThanALawfulOne() => AssertFeltNoMore(
        Beside(() => [Other(0.5), new LaneSimulation.Source(1 / MeanRun, _ => 2, client: "malformed") { ErrorAfter = 0.04 * MeanRun }]),
        Beside(() => [Other(0.5)]));

    [Fact]
    public void Malformed_WhileTheDeviceIsFull_TheOthersAreTaken()
    {
        const double Load = 1.2; // of what the others would ask at the usual one
        var malformed = new LaneSimulation.Source(Load / MeanRun, _ => 2, client: "malformed") { ErrorAfter = 0.06 * MeanRun };
        LaneSimulation.Source measured = new(0.25 * Load / MeanRun, _ => 2, client: "measured"), other = Other(0.5 * Load);
        new LaneSimulation(1) { Cost = Run, Length = TimeSpan.FromSeconds(240) }.With(malformed).With(other).With(measured).Run();
        Assert.True(measured.InTime >= 0.999 * measured.Sent, $"{measured.InTime} of {measured.Sent} were in time");
        Assert.True(other.InTime >= 0.99 * other.Sent, $"{other.InTime} of {other.Sent} of the other were in time");
        Assert.True(malformed.InTime > 0.3 * malformed.Sent, "those that come one at a time are still told what is wrong with them");
    }

    [Fact]
    public void Client_WithinItsShare_HardlyFeelsAnotherThatAsksForMore()
    {
        double alone = Beside(static () => []).P99, beside = Beside(() => [Other(0.5)]).P99;
        Assert.True(beside <= 1.25 * alone, $"p99 {beside:f3} s beside a client with twice its load, {alone:f3} s alone"); // a run cannot be interrupted
    }

    private static void AssertFeltNoMore((double P99, int Sent, int InTime) beside, (double P99, int Sent, int InTime) lawful) =>
        Assert.True(beside.P99 <= 1.1 * lawful.P99, $"p99 {beside.P99:f3} s, {lawful.P99:f3} s beside a lawful client");

    private static LaneSimulation.Source Other(double load) => new(load / MeanRun, _ => 2, client: "other");

    // A client at a quarter of the load; of many minutes, since the hundredth that is slowest is few.
    private static (double P99, int Sent, int InTime) Beside(Func<LaneSimulation.Source[]> others)
    {
        var minutes = Enumerable.Range(1, 6).Select(seed => Beside(seed, others())).ToList();
        double[] latencies = [.. minutes.SelectMany(each => each.Latencies).Order()];
        return (latencies[(int)(0.99 * latencies.Length)], minutes.Sum(each => each.Sent), minutes.Sum(each => each.InTime));
    }

    private static LaneSimulation.Source Beside(int seed, LaneSimulation.Source[] others)
    {
        var measured = new LaneSimulation.Source(0.25 / MeanRun, _ => 2, client: "measured");
        var simulation = new LaneSimulation(seed) { Cost = Run, Length = TimeSpan.FromSeconds(240) };
        foreach (var other in others) simulation.With(other);
        simulation.With(measured).Run();
        return measured;
    }

    [Fact]
    public void Light_LoadOfHalf_NothingIsRefused()
    {
        var clients = new LaneSimulation.Source(0.5 / MeanRun, _ => 0.25);
        new LaneSimulation(4) { Cost = Run }.With(clients).Run();
        Assert.True(clients.Accepted >= 0.995 * clients.Sent, $"{clients.Accepted} of {clients.Sent} were accepted");
    }

    // Deadlines of two and a half runs, and now and then a run that takes twenty: to believe it would refuse everybody for seconds.
    [Fact]
    public void Light_MachineStandsStillForTwentyRuns_OnlyThoseOfThatMomentFeelIt()
    {
        int runs = 0;
        var clients = new LaneSimulation.Source(0.1 / MeanRun, _ => 2.5 * MeanRun);
        new LaneSimulation(5) { Cost = _ => ++runs % 200 == 0 ? 20 * MeanRun : MeanRun }.With(clients).Run();
        Assert.True(clients.InTime >= 0.95 * clients.Sent, $"{clients.InTime} of {clients.Sent} were in time, {clients.Accepted} accepted");
    }
}
