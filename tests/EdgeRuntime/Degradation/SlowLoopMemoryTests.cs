using EdgeRuntime.Device.Degradation;
using EdgeRuntime.TestKit.Kernels;
using Xunit;

namespace EdgeRuntime.Device.Tests.Degradation;

/// <summary>A container whose limit moves, with a device in it that holds what its cap lets it hold, a second or two late.</summary>
public sealed class SlowLoopMemoryTests
{
    private const long Mebibyte = 1 << 20;
    private const int Dwell = 10;

    private static readonly RungMemory Ladder = new(400 * Mebibyte, 250 * Mebibyte, 120 * Mebibyte);
    private static readonly long[] Held = [400, 250, 120];

    [Fact]
    public void Look_LimitFalls_TakesAtOnceTheRungThatFits()
    {
        using var tree = KernelTrees.Container(1000, 400);
        using var loop = new WatchedLoop(tree, Ladder);
        Assert.Equal(Condition.Normal, loop.Pass(5).State);
        Limit(tree, 420, used: 400);
        var report = loop.Pass(1);
        Assert.Equal((1, Condition.Capped), (report.Cap, report.State));
        Assert.Equal("memory: 20 MiB of head room in 420 MiB of the cgroup are below the reserve of 64 MiB", report.Reason);
    }

    [Fact]
    public void Look_MuchIsMissing_SkipsRungs()
    {
        using var tree = KernelTrees.Container(410, 400);
        using var loop = new WatchedLoop(tree, Ladder, settings => settings with { MemoryReserve = new(200 * Mebibyte) });
        Assert.Equal((2, Condition.Smallest), (loop.Pass(1).Cap, loop.Report.State));
    }

    [Fact]
    public void Look_WhatWasUnloadedIsNotGivenBackYet_IsWaitedFor()
    {
        using var tree = KernelTrees.Container(420, 400);
        using var loop = new WatchedLoop(tree, Ladder);
        Assert.Equal(1, loop.Pass(4).Cap);
    }

    [Fact]
    public void Look_LimitFallsAndRises_DropsAtOnceAndClimbsARungForEachDwell()
    {
        using var tree = KernelTrees.Container(1000, 400);
        using var loop = new WatchedLoop(tree, Ladder);
        Play(tree, loop, limit: 1000, seconds: 20);
        Play(tree, loop, limit: 200, seconds: 40);
        Play(tree, loop, limit: 1000, seconds: 60);
        Assert.Equal([(20, 0, 2), (69, 2, 1), (79, 1, 0)], loop.Moves);
        Assert.Equal((Condition.Normal, ""), (loop.Report.State, loop.Report.Reason));
    }

    [Fact]
    public void Look_LimitGoesUpAndDown_RaisesAreADwellApartAndRarer()
    {
        using var tree = KernelTrees.Container(1000, 400);
        using var loop = new WatchedLoop(tree, Ladder);
        for (var round = 0; round < 20; round++) Play(tree, loop, round % 2 == 0 ? 300 : 1000, seconds: 15);
        AssertDwell(loop);
        Assert.InRange(loop.Moves.Count(move => move.To < move.From), 1, 8);
    }

    [Fact]
    public void Look_RoomForTheReserveButNotForABetterRung_Stays()
    {
        using var tree = KernelTrees.Container(330, 400);
        using var loop = new WatchedLoop(tree, Ladder);
        Play(tree, loop, 330, seconds: 100);
        Assert.Equal([(0, 0, 1)], loop.Moves);
    }

    [Fact]
    public void Look_SmallestRungIsTooMuch_ShedsForADwellAtLeast()
    {
        using var tree = KernelTrees.Container(1000, 400);
        using var loop = new WatchedLoop(tree, Ladder);
        Play(tree, loop, 150, seconds: 12);
        Assert.Equal(Condition.Shedding, loop.Report.State);
        int ended = loop.Second;
        while (loop.Report.State == Condition.Shedding && loop.Second < 100) Play(tree, loop, 1000, seconds: 1);
        Assert.InRange(loop.Second - ended, Dwell, Dwell + 1);
    }

    [Fact]
    public void Look_PressureOverItsLimit_TakesASmallerRungAndSaysHowMuch()
    {
        using var tree = KernelTrees.Container(1000, 400).With(KernelTrees.Cgroup + "memory.pressure", "some avg10=31.50 avg60=0.00 avg300=0.00 total=9\n");
        using var loop = new WatchedLoop(tree, Ladder);
        Assert.Equal(1, loop.Pass(5).Cap);
        Assert.Equal("memory: tasks waited for it 31.5 % of the time, over the limit of 10 %", loop.Report.Reason);
    }

    [Fact]
    public void Look_KernelKilledAProcess_TakesASmallerRung()
    {
        using var tree = KernelTrees.Container(1000, 400).With(KernelTrees.Cgroup + "memory.events", "oom_kill 3\n");
        using var loop = new WatchedLoop(tree, Ladder);
        Assert.Equal(0, loop.Pass(3).Cap); // of before its time
        tree.With(KernelTrees.Cgroup + "memory.events", "oom_kill 4\n");
        Assert.Equal(1, loop.Pass(1).Cap);
    }

    [Fact]
    public void Look_RungsOfUnknownSize_GoesDownOneAtATime()
    {
        using var tree = KernelTrees.Container(420, 400);
        using var loop = new WatchedLoop(tree, new RungMemory(0, 0, 0));
        Assert.Equal(1, loop.Pass(5).Cap);
        Assert.Equal(2, loop.Pass(1).Cap);
    }

    private static void AssertDwell(WatchedLoop loop)
    {
        var raises = loop.Moves.Where(move => move.To < move.From).ToList();
        Assert.All(raises, move => Assert.Equal(move.From - 1, move.To));
        Assert.All(raises.Zip(raises.Skip(1)), pair => Assert.InRange(pair.Second.Second - pair.First.Second, Dwell, int.MaxValue));
    }

    private static void Play(KernelTree tree, WatchedLoop loop, long limit, int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            Limit(tree, limit, Held[loop.Report.Cap]);
            loop.Pass(1);
        }
    }

    private static void Limit(KernelTree tree, long mebibytes, long used) => tree.Limits("", $"{mebibytes * Mebibyte}", used * Mebibyte);
}
