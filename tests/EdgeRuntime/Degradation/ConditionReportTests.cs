using EdgeRuntime.Device.Degradation;
using EdgeRuntime.TestKit;
using Xunit;

namespace EdgeRuntime.Device.Tests.Degradation;

public sealed class ConditionReportTests
{
    private static readonly ConditionReport Capped = new() { State = Condition.Capped, Cap = 1, Reason = "heat", Since = default, At = default, Readings = default };

    [Fact]
    public void StateName_EveryState_IsExplainedToOperators()
    {
        var rows = File.ReadLines(Path.Join(RepositoryPaths.Root, "docs/sensors.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('`')[1]);
        Assert.Equal(Enum.GetValues<Condition>().Select(state => (Capped with { State = state }).StateName), rows);
    }

    [Fact]
    public void Differs_ReadingsAndTimeAlone_AreNothingToTell()
    {
        Assert.False(Capped.Differs(Capped with { At = DateTimeOffset.UnixEpoch }));
        Assert.True(Capped.Differs(Capped with { Cap = 2 }));
        Assert.True(Capped.Differs(Capped with { State = Condition.Smallest }));
        Assert.True(Capped.Differs(Capped with { Reason = "memory" }));
    }
}
