using EdgeRuntime.Device.Admission;
using Xunit;

namespace EdgeRuntime.Device.Tests.Admission;

/// <summary>The clock of these counts a thousand a second.</summary>
public sealed class ClientSharesTests
{
    private readonly ClientShares _shares = new(1000);

    [Fact]
    public void Enter_ALoneClient_IsNeverOverItsShare()
    {
        for (int i = 0; i < 100; i++) Assert.False(IsOver("a", i * 10));
    }

    [Fact]
    public void Enter_AnotherIsActive_WhoeverHasHisShareIsPutBehind()
    {
        Assert.False(IsOver("b", 0));
        Assert.False(IsOver("a", 10));
        Assert.False(IsOver("a", 10));
        Assert.True(IsOver("a", 10));
        Assert.False(IsOver("b", 20));
    }

    [Fact]
    public void Enter_TheOtherWasActiveLongAgo_IsAloneAgain()
    {
        Assert.False(IsOver("b", 0));
        for (int i = 0; i < 2; i++) Assert.False(IsOver("a", 10));
        Assert.True(IsOver("a", 10));
        Assert.False(IsOver("a", 2500));
    }

    [Fact]
    public void Leave_OneEnded_ThereIsRoomAgain()
    {
        Assert.False(IsOver("b", 0));
        var first = _shares.Enter("a", 0, 4, out _);
        Assert.False(IsOver("a", 0));
        first.Leave();
        Assert.False(IsOver("a", 0));
        Assert.True(IsOver("a", 0));
    }

    private bool IsOver(string client, long now)
    {
        _shares.Enter(client, now, capacity: 4, out bool isOver);
        return isOver;
    }
}
