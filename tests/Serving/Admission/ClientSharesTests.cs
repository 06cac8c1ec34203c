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
        Take("a", 4, ofWhich: 6);
        Assert.Equal(new RoundPlace(2, true), Enter("a", 0).Place); // not ahead: it had all of its share
    }

    [Fact]
    public void Leave_OthersHadTheirTurns_WhoeverAskedForLessIsAheadByThat()
    {
        Enter("b", 0);
        Take("a", 8, ofWhich: 8);
        Assert.Equal([0, 0, 1, 1, 2, 2, 3, 3, 4], Enumerable.Range(0, 9).Select(_ => Enter("b", 0).Place.Round)); // and then as all others
        Assert.Equal(new RoundPlace(4, true), Enter("b", 0).Place);
    }

    [Fact]
    public void Leave_OthersHadManyTurns_WhoeverAskedForNothingIsAheadByEightRequests()
    {
        Enter("b", 0);
        Take("a", 101, ofWhich: 101);
        const long Present = 49;
        var places = Enumerable.Range(0, 9).Select(_ => Enter("b", 0).Place).ToList();
        Assert.Equal([4, 4, 3, 3, 2, 2, 1, 1, 0], places.Select(place => Present - place.Round));
        Assert.Equal([false, false, false, false, false, false, false, false, true], places.Select(place => place.IsOverShare));
    }

    [Fact]
    public void Enter_NothingWaits_IsNext()
    {
        Enter("b", 0);
        for (int i = 0; i < 9; i++) Enter("a", 0);
        var (share, place) = Enter("c", 0);
        Assert.Equal(new RoundPlace(-1, false), place);
        share.Leave(place.Round, isCharged: true);
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
            share.Leave(place.Round, isCharged: false);
        }
    }

    [Fact]
    public void Enter_MostTurnedOutToBeNone_OnlyOneIsTakenAtATimeUntilTheyAreRequestsAgain()
    {
        Enter("b", 0);
        End(10, isVoid: true);
        var (first, place) = Enter("a", 0);
        Assert.False(place.IsRefused);
        for (int i = 0; i < 3; i++)
        {
            var (second, refused) = Enter("a", 0);
            Assert.True(refused.IsRefused);
            second.Leave(refused.Round, isCharged: false);
        }
        first.Leave(place.Round, isCharged: false, isVoid: true);
        End(10, isVoid: false);
        Enter("a", 0);
        Assert.False(Enter("a", 0).Place.IsRefused);

        void End(int count, bool isVoid)
        {
            for (int i = 0; i < count; i++)
            {
                var (share, turn) = Enter("a", 0);
                share.Leave(turn.Round, isCharged: !isVoid, isVoid);
            }
        }
    }

    [Fact]
    public void Enter_AloneWithWhatIsNone_IsTaken()
    {
        for (int i = 0; i < 20; i++)
        {
            var (share, place) = Enter("a", 0);
            share.Leave(place.Round, isCharged: false, isVoid: true);
        }
        Enter("a", 0);
        Assert.False(Enter("a", 0).Place.IsRefused);
    }

    private void Take(string client, int count, int ofWhich)
    {
        var asked = Enumerable.Range(0, ofWhich).Select(_ => Enter(client, 0)).ToList();
        foreach (var (share, place) in asked[..count]) share.Leave(place.Round, isCharged: true);
    }

    private (ClientShares.Share Share, RoundPlace Place) Enter(string client, long now) => (_shares.Enter(client, now, capacity: 4, out var place), place);
}
