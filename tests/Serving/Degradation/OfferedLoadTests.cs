using EdgeRuntime.Serving.Degradation;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Degradation;

public sealed class OfferedLoadTests
{
    [Theory]
    [InlineData(20, 0.2, 0)]
    [InlineData(85, 0.85, 0.15)]
    [InlineData(100, 1, 0.3)]
    [InlineData(1200, 12, 0.3)]
    public void Fullness_SoManyRequestsOfTenMillisecondsASecond_IsByThePartOfTheDeviceThatTheyTake(int perSecond, double load, double fullness)
    {
        var offered = new OfferedLoad();
        for (int i = 0; i < 20 * perSecond; i++) offered.Add((double)i / perSecond, 0.01);
        Assert.InRange(offered.Value(20), 0.97 * load, 1.03 * load);
        Assert.InRange(offered.Fullness(20), fullness - 0.02, fullness + 0.02);
    }

    [Theory]
    [InlineData(100, 0)]
    [InlineData(160, 0.5)]
    [InlineData(1200, 1)]
    public void Surplus_SoManyRequestsOfTenMillisecondsASecond_IsByWhatGoesWithoutAnAnswer(int perSecond, double surplus)
    {
        var offered = new OfferedLoad();
        for (int i = 0; i < 20 * perSecond; i++) offered.Add((double)i / perSecond, 0.01);
        Assert.InRange(offered.Surplus(20), surplus - 0.05, surplus + 0.05);
    }

    [Fact]
    public void Surplus_ABurst_IsNone()
    {
        var offered = new OfferedLoad();
        for (int i = 0; i < 200; i++) offered.Add(i / 200.0, 0.01);
        Assert.Equal(0, offered.Surplus(1));
    }

    [Fact]
    public void Value_NothingComesAnyMore_IsForgottenWithinSeconds()
    {
        var offered = new OfferedLoad();
        for (int i = 0; i < 1000; i++) offered.Add(i / 100.0, 0.01);
        Assert.InRange(offered.Value(20), 0, 0.01);
        Assert.Equal(0, offered.Fullness(12));
    }
}
