using EdgeRuntime.Bundles.Tests.Support;
using EdgeRuntime.TestKit.Storage;
using Xunit;

namespace EdgeRuntime.Bundles.Tests.Power;

// The power goes at every storage operation of install, activation and removal, and again in the recovery.
public sealed class PowerCutTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Update_PowerCutAtEveryOperation_LeavesAWholeBundle(int seed) => EveryPoint(new UpdateRun(1, 2), seed);

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void FirstInstall_PowerCutAtEveryOperation_LeavesAWholeBundleOrNone(int seed) => EveryPoint(new UpdateRun(), seed);

    [Fact]
    public void Update_PowerCutAgainInTheRecovery_LeavesAWholeBundle()
    {
        using var run = new UpdateRun(1, 2);
        var chance = new Random(5);
        foreach (var first in Sample.Of(run.Points(), chance, 8))
            foreach (var second in Sample.Of(run.PointsAfter(first, seed: 6), chance, 8))
                Try(run, 6, first, second);
    }

    private static void EveryPoint(UpdateRun update, int seed)
    {
        using var run = update;
        foreach (var point in Sample.Of(run.Points(), new Random(seed), 60)) Try(run, seed, point);
    }

    private static void Try(UpdateRun run, int seed, params CutPoint[] cuts)
    {
        try
        {
            run.Check(seed, cuts);
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"seed {seed}, cut at {string.Join(" then ", cuts)}: {failure.Message}", failure);
        }
    }
}
