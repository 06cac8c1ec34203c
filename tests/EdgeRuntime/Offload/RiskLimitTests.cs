using EdgeRuntime.Device.Offload;
using Xunit;

namespace EdgeRuntime.Device.Tests.Offload;

public sealed class RiskLimitTests
{
    [Fact]
    public void Answered_EveryFour_AllowOneMoreUpToTheMost()
    {
        var limit = new RiskLimit(3);
        Assert.Equal(1, limit.Value);
        for (int i = 0; i < 4; i++) limit.Answered();
        Assert.Equal(2, limit.Value);
        for (int i = 0; i < 40; i++) limit.Answered();
        Assert.Equal(3, limit.Value);
    }

    [Fact]
    public void Failed_HalvesAndStartsOver()
    {
        var limit = new RiskLimit(16);
        for (int i = 0; i < 28; i++) limit.Answered();
        Assert.Equal(8, limit.Value);
        limit.Failed();
        Assert.Equal(4, limit.Value);
        for (int i = 0; i < 4; i++) limit.Failed();
        Assert.Equal(1, limit.Value);
    }

    [Fact]
    public void Value_NoneIsAllowed_StaysThere()
    {
        var limit = new RiskLimit(0);
        for (int i = 0; i < 10; i++) limit.Answered();
        limit.Failed();
        Assert.Equal(0, limit.Value);
    }
}
