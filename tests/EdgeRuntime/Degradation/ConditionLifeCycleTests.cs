using EdgeRuntime.Device.Degradation;
using Xunit;

namespace EdgeRuntime.Device.Tests.Degradation;

public sealed class ConditionLifeCycleTests
{
    [Fact]
    public void Next_EveryStateAndEvent_HasARow()
    {
        foreach (var state in Enum.GetValues<Condition>())
            foreach (var happened in Enum.GetValues<ConditionEvent>()) Assert.True(Enum.IsDefined(ConditionLifeCycle.Next(state, happened)), $"{state}, {happened}");
    }

    [Fact]
    public void Next_Overwhelmed_ShedsOnlyAfterTheSmallestRung()
    {
        foreach (var state in Enum.GetValues<Condition>())
            Assert.Equal(state is Condition.Smallest or Condition.Shedding ? Condition.Shedding : Condition.Smallest, ConditionLifeCycle.Next(state, ConditionEvent.Overwhelmed));
    }

    [Fact]
    public void Next_Uncapped_IsNormalFromEverywhere() =>
        Assert.All(Enum.GetValues<Condition>(), state => Assert.Equal(Condition.Normal, ConditionLifeCycle.Next(state, ConditionEvent.Uncapped)));
}
