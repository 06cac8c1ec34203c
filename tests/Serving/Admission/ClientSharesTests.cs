using EdgeRuntime.Serving.Admission;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Admission;

/// <summary>The clock of these counts a thousand a second; of four places, two clients have two each.</summary>
public sealed class ClientSharesTests
{
    private readonly ClientShares _shares = new(1000);

    [Fact]
    public void Enter_ALoneClient_HasThePresentRound()
    {
        for (int i = 0; i < 100; i++) Assert.Equal(new RoundPlace(0, false), Enter("a", i * 10).Place);
    }

    [Fact]
    public void Enter_AnotherIsActive_WhoeverAsksForMoreComesInLaterRounds()
    {
        Enter("b", 0);
        Assert.Equal([-1, 0, 0, 1, 1, 2, 2], Enumerable.Range(0, 7).Select(_ => Enter("a", 10).Place.Round));
        Assert.True(Enter("a", 10).Place.IsOverShare);
        Assert.Equal(new RoundPlace(0, false), Enter("b", 20).Place);
    }

    [Fact]
    public void Enter_TheOtherWasActiveLongAgo_IsAloneAgain()
    {
        Enter("b", 0);
        for (int i = 0; i < 4; i++) Enter("a", 10);
        Assert.True(Enter("a", 10).Place.IsOverShare);
        Assert.False(Enter("a", 2500).Place.IsOverShare);
    }

    [Fact]
    public void Leave_TheirTurnHasCome_TheRoundGoesOn()
    {
        Enter("b", 0);
        var asked = Enumerable.Range(0, 6).Select(_ => Enter("a", 0)).ToList();
        foreach (var (share, place) in asked[..4]) share.Leave(place.Round, wasTaken: true);
        Assert.Equal(new RoundPlace(1, false), Enter("b", 0).Place); // who asked for little is not behind for it, nor ahead
        Assert.Equal(new RoundPlace(2, true), Enter("a", 0).Place);
    }

    [Fact]
    public void Enter_NothingWaits_IsNext()
    {
        Enter("b", 0);
        for (int i = 0; i < 9; i++) Enter("a", 0);
        var (share, place) = Enter("c", 0);
        Assert.Equal(new RoundPlace(-1, false), place);
        share.Leave(place.Round, wasTaken: true);
        Assert.Equal(new RoundPlace(-1, false), Enter("c", 0).Place);
    }

    [Fact]
    public void Leave_WasRefused_HoldsNoPlace()
    {
        Enter("b", 0);
        for (int i = 0; i < 3; i++) Enter("a", 0);
        for (int i = 0; i < 50; i++)
        {
            var (share, place) = Enter("a", 0);
            Assert.Equal(1, place.Round);
            share.Leave(place.Round, wasTaken: false);
        }
    }

    private (ClientShares.Share Share, RoundPlace Place) Enter(string client, long now) => (_shares.Enter(client, now, capacity: 4, out var place), place);
}
