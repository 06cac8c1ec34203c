using EdgeRuntime.Serving.Scheduling;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Scheduling;

/// <summary>The clock of these counts milliseconds, and what a run takes is a formula.</summary>
public sealed class BatchPolicyTests
{
    private long _now;

    [Fact]
    public void Learn_BatchingPays_GrowsToTheLargest()
    {
        var policy = new BatchPolicy(1000, 16);
        Flood(policy, rows => 100 + rows, runs: 200);
        Assert.Equal(16, policy.Limit);
    }

    [Fact]
    public void Learn_BatchingPaysNothing_StaysAtOneAndTriesAgainRarely()
    {
        var policy = new BatchPolicy(1000, 16);
        int large = Flood(policy, rows => 20 * rows, runs: 3000);
        Assert.Equal(1, policy.Limit);
        Assert.True(large < 60, $"{large} of 3000 runs had more rows than one");
    }

    [Fact]
    public void Learn_PaysUpToASize_StaysThere()
    {
        var policy = new BatchPolicy(1000, 64);
        Flood(policy, rows => rows <= 8 ? 100 + rows : 120 * rows, runs: 400);
        Assert.InRange(policy.Limit, 6, 8);
    }

    [Fact]
    public void Learn_RunsTakeTooLongForTheTarget_ShrinksBelowIt()
    {
        var policy = new BatchPolicy(1000, 64, target: 100);
        Flood(policy, rows => 10 + 4 * rows, runs: 400);
        Assert.InRange(policy.Limit, 4, 11); // 10 rows take 50
    }

    [Fact]
    public void Learn_TwoRowsSaveNothingWhereEightDo_LeavesOneForEight()
    {
        var policy = new BatchPolicy(1000, 16, target: 100);
        policy.OutOfMemory(2);
        Flood(policy, rows => rows == 1 ? 10 : 40, runs: 20);
        policy.Renew(isBatchable: true);
        Flood(policy, rows => rows == 1 ? 10 : 40, runs: 1000);
        Assert.InRange(policy.Limit, 8, 16);
    }

    [Fact]
    public void Learn_NoSizeKeepsTheTargetForAll_TheOneThatDoesForMost()
    {
        // Weights that are packed at each run of several rows: 16 in one run are nearly as fast as 2.
        var policy = new BatchPolicy(1000, 32, target: 500);
        Flood(policy, rows => rows == 1 ? 55 : 200 + (5 * rows), runs: 300, candidates: 16);
        Assert.InRange(policy.Limit, 12, 32);
        policy = new BatchPolicy(1000, 32, target: 500);
        Flood(policy, rows => rows == 1 ? 20 : 300 + (5 * rows), runs: 2000, candidates: 16);
        Assert.Equal(1, policy.Limit);
    }

    [Fact]
    public void Learn_FirstRunOfASizeIsSlow_TellsNothing()
    {
        var policy = new BatchPolicy(1000, 16, target: 100);
        bool isCold = true;
        Flood(policy, rows => rows == 1 ? 10 : Interlocked.Exchange(ref isCold, false) ? 90 : 20, runs: 3);
        Assert.InRange(policy.Limit, 8, 16);
    }

    // As a neighbour, a page that was given away or a machine under a hypervisor makes one now and then.
    [Fact]
    public void Learn_ARunStallsNowAndThen_KeepsTheSize()
    {
        var policy = new BatchPolicy(1000, 16, target: 250);
        int run = 0, large = Flood(policy, rows => (15 + rows) * (++run % 40 == 30 ? 20 : 1), runs: 400, candidates: 16);
        Assert.InRange(policy.Limit, 12, 16);
        Assert.Equal(400, large);
    }

    [Fact]
    public void Learn_NobodyWaits_StaysAsItIs()
    {
        var policy = new BatchPolicy(1000, 16);
        var costs = new ServiceTime();
        for (int i = 0; i < 100; i++)
        {
            costs.Add(1, 100);
            policy.Learn(new CompletedRun(_now += 100, 1, 1, 1), 100, costs);
        }
        Assert.Equal(8, policy.Limit);
    }

    // A load of half what the device can do: there are never as many as the limit, and each that runs with another waits for both.
    [Fact]
    public void Worth_FewWaitAndSharingSavesNothing_RunsOneByOne()
    {
        var policy = new BatchPolicy(1000, 16);
        var costs = new ServiceTime();
        int together = Few(policy, costs, rows => rows == 1 ? 40 : 60 * rows, runs: 1000);
        Assert.True(together < 25, $"{together} of 1000 runs had more rows than one");
        Assert.Equal((1, 1, 8), (policy.Paying(3), policy.Paying(5), policy.Paying(8))); // twice as many may be another matter
    }

    [Fact]
    public void Worth_FewSaveNothingAndManyDo_IsFoundOut()
    {
        var policy = new BatchPolicy(1000, 16);
        var costs = new ServiceTime();
        Few(policy, costs, Cost, runs: 1000);
        int together = Few(policy, costs, Cost, runs: 2000, most: 8);
        Assert.True(together > 200, $"{together} of 2000 runs had more rows than one");
        Assert.Equal((1, 8), (policy.Paying(3), policy.Paying(8)));

        static int Cost(int rows) => rows == 1 ? 10 : 40;
    }

    [Fact]
    public void Worth_SharingPaysAllAtOnce_IsFoundOut()
    {
        var policy = new BatchPolicy(1000, 16);
        var costs = new ServiceTime();
        Few(policy, costs, rows => 40 * rows, runs: 1000);
        int together = Few(policy, costs, rows => 40 + rows, runs: 20_000);
        Assert.True(together > 10_000, $"{together} of 20000 runs had more rows than one");
        Assert.InRange(policy.Paying(3), 2, 3);
    }

    [Fact]
    public void Worth_TwoSaveNothingWhereEightDo_EightShareARun()
    {
        var policy = new BatchPolicy(1000, 16);
        Flood(policy, rows => rows == 1 ? 10 : 40, runs: 1000);
        Few(policy, new ServiceTime(), rows => rows == 1 ? 10 : 40, runs: 100);
        Assert.Equal((1, 16), (policy.Paying(3), policy.Paying(16)));
    }

    [Fact]
    public void OutOfMemory_HalfTheRowsFromThenOn()
    {
        var policy = new BatchPolicy(1000, 16);
        Flood(policy, rows => 100 + rows, runs: 100);
        policy.OutOfMemory(16);
        Flood(policy, rows => 100 + rows, runs: 100);
        Assert.Equal(8, policy.Limit);
    }

    [Fact]
    public void Forbid_StaysAtOne()
    {
        var policy = new BatchPolicy(1000, 16);
        policy.Forbid();
        Flood(policy, rows => 100 + rows, runs: 100);
        Assert.Equal(1, policy.Limit);
    }

    [Fact]
    public void Renew_AnotherModel_IsNotBoundByWhatTheOneBeforeCouldNot()
    {
        var policy = new BatchPolicy(1000, 16);
        policy.Renew(isBatchable: false);
        Assert.Equal(1, policy.Limit);
        policy.Renew(isBatchable: true);
        Assert.Equal(8, policy.Limit);
        policy.OutOfMemory(4);
        Flood(policy, rows => 100 + rows, runs: 100);
        Assert.Equal(2, policy.Limit);
        policy.Renew(isBatchable: true);
        Flood(policy, rows => 100 + rows, runs: 200);
        Assert.Equal(16, policy.Limit);
    }

    [Fact]
    public void Renew_AnotherBuildOfTheModel_KeepsWhatWasLearned()
    {
        var policy = new BatchPolicy(1000, 16);
        Flood(policy, rows => 20 * rows, runs: 3000);
        policy.Renew(isBatchable: true);
        Assert.Equal(1, policy.Limit);
    }

    [Fact]
    public void Configure_OtherLimitAndTarget_BoundFromThenOn()
    {
        var policy = new BatchPolicy(1000, 16);
        policy.Configure(4, target: 0);
        Assert.Equal((4, double.PositiveInfinity), (policy.Limit, policy.Target));
        policy.Configure(1, target: 100);
        Assert.Equal((1, 100), (policy.Limit, policy.Target));
        policy.Configure(64, target: 100);
        Assert.Equal(8, policy.Limit);
        policy.Forbid();
        policy.Configure(32, target: 0);
        Assert.Equal(1, policy.Limit);
    }

    // One, two and so on up to the most at a time, in turns.
    private int Few(BatchPolicy policy, ServiceTime costs, Func<int, int> cost, int runs, int most = 3)
    {
        int together = 0;
        for (int i = 0; i < runs; i++)
        {
            int candidates = 1 + i % most, rows = policy.Worth(Math.Min(policy.Limit, candidates), _now);
            if (rows > 1) together++;
            int took = cost(rows);
            costs.Add(rows, took);
            policy.Learn(new CompletedRun(_now += took, rows, rows, candidates), took, costs);
        }
        return together;
    }

    private int Flood(BatchPolicy policy, Func<int, int> cost, int runs, int candidates = 200)
    {
        var costs = new ServiceTime();
        int large = 0;
        for (int i = 0; i < 10; i++) costs.Add(1, cost(1));
        for (int i = 0; i < runs; i++)
        {
            int rows = policy.Worth(Math.Min(policy.Limit, candidates), _now);
            if (rows > 1) large++;
            int took = cost(rows);
            costs.Add(rows, took);
            policy.Learn(new CompletedRun(_now += took, rows, rows, candidates), took, costs);
        }
        return large;
    }
}
