using EdgeRuntime.Serving.Scheduling;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Scheduling;

/// <summary>Times are in milliseconds: the clock of these queues counts a thousand a second.</summary>
public sealed class RequestQueueTests
{
    private const int Second = 1000;

    [Fact]
    public void TryTake_MixedPriorities_HigherFirstThenEarlierRoundThenEarlierDeadlineThenArrival()
    {
        var queue = Untimed<string>(8);
        Assert.True(Add(queue, "late", 4, due: 30));
        Assert.True(Add(queue, "next round", 4, due: 1, round: 1));
        Assert.True(Add(queue, "first", 4, due: 20));
        Assert.True(Add(queue, "second", 4, due: 20));
        Assert.True(Add(queue, "low", 0, due: 1));
        Assert.True(Add(queue, "high", 9, due: 99));
        queue.Close();
        Assert.Equal(["high", "first", "second", "late", "next round", "low"], Drain(queue));
    }

    [Fact]
    public void TryAdd_AnyOrder_LeavesByRank()
    {
        var random = new Random(1);
        for (int round = 0; round < 200; round++)
        {
            var queue = Untimed<string>(1024);
            var expected = new List<(QueueRank Rank, string Name)>();
            for (int i = 0; i < 150; i++)
            {
                var (priority, turn, due) = (random.Next(3), random.Next(4), random.Next(20));
                Assert.True(Add(queue, $"{i}", priority, due, turn));
                expected.Add((new QueueRank(priority, turn, due, i), $"{i}"));
                if (random.Next(3) > 0) continue;
                expected.Sort((left, right) => left.Rank.CompareTo(right.Rank));
                int place = random.Next(Math.Min(3, expected.Count));
                Assert.True(queue.TryTakeNow(place, out var taken));
                Assert.Equal(expected[place].Name, taken.Request);
                if (random.Next(2) == 0) queue.PutBack(taken);
                else expected.RemoveAt(place);
            }
            expected.Sort((left, right) => left.Rank.CompareTo(right.Rank));
            queue.Close();
            Assert.Equal(expected.Select(entry => entry.Name), Drain(queue));
        }
    }

    [Fact]
    public void TryAdd_Full_IsRefusedUnlessALowerPriorityCanGo()
    {
        var queue = Untimed<string>(2);
        Assert.True(Add(queue, "a", 4, 5));
        Assert.True(Add(queue, "b", 4, 6));
        Assert.Equal(QueueRefusal.Full, queue.TryAdd("c", new QueueStanding(4), 1, long.MaxValue, 0, out var displaced).Refusal);
        Assert.Null(displaced);
        Assert.True(queue.TryAdd("d", new QueueStanding(5), 9, long.MaxValue, 0, out displaced).IsAdmitted);
        Assert.Equal("b", displaced);
        Assert.Equal(2, queue.Count);
    }

    [Fact]
    public void TryAdd_Closed_IsRefused()
    {
        var queue = Untimed<string>(2);
        queue.Close();
        Assert.Equal(QueueRefusal.Closed, queue.TryAdd("a", new QueueStanding(4), 1, 1, 0, out _).Refusal);
        Assert.False(TryTake(queue, out _));
    }

    [Fact]
    public void TryAdd_WouldBeTooLate_IsRefusedAndToldByHowMuch()
    {
        var queue = Timed(run: 10);
        for (int i = 0; i < 4; i++) Assert.True(Add(queue, $"{i}", 4, due: 1000 + i, latest: 70, now: 0));
        var verdict = queue.TryAdd("e", new QueueStanding(4), 2000, 70, 0, out _);
        Assert.Equal(QueueRefusal.None, verdict.Refusal);
        verdict = queue.TryAdd("f", new QueueStanding(4), 2000, 70, 0, out _);
        Assert.Equal(QueueRefusal.TooLate, verdict.Refusal);
        Assert.InRange(verdict.Completion, 71, 105);
        Assert.Equal(verdict.Completion - 70, verdict.Late);
    }

    [Fact]
    public void TryAdd_WouldMakeAnAcceptedOneLate_IsRefusedAndAHigherPriorityIsNot()
    {
        var queue = Timed(run: 10);
        Assert.True(Add(queue, "promised", 4, due: 30, latest: 20));
        Assert.Equal(QueueRefusal.DelaysAnother, queue.TryAdd("pushes", new QueueStanding(4), 29, 29, 0, out _).Refusal);
        Assert.True(queue.TryAdd("waits", new QueueStanding(4), 50, 50, 0, out _).IsAdmitted);
        Assert.True(queue.TryAdd("high", new QueueStanding(9), 29, 29, 0, out _).IsAdmitted);
    }

    [Fact]
    public void TryAdd_OverItsShareAndInTimeOnlyWhereNobodyOvertakes_IsRefusedForItsShare()
    {
        var queue = Timed(run: 10);
        Assert.Equal(QueueRefusal.OverShare, queue.TryAdd("over", new QueueStanding(4, 1, IsOverShare: true), 15, 15, 0, out _).Refusal);
        Assert.Equal(QueueRefusal.TooLate, queue.TryAdd("late", new QueueStanding(4, 1, IsOverShare: true), 5, 5, 0, out _).Refusal);
        Assert.True(queue.TryAdd("in share", new QueueStanding(4), 15, 15, 0, out _).IsAdmitted);
    }

    [Fact]
    public void TryAdd_OverItsShareAndFirst_IsTakenOnlyWhereCautionAllowsIt()
    {
        var queue = Timed(run: 10); // 10.5 and a quarter more
        Assert.Equal(QueueRefusal.OverShare, queue.TryAdd("in the mean", new QueueStanding(4, 1, IsOverShare: true), 22, 22, 0, out _).Refusal);
        Assert.True(queue.TryAdd("surely", new QueueStanding(4, 1, IsOverShare: true), 28, 28, 0, out _).IsAdmitted);
    }

    [Fact]
    public void TryAdd_OneIsDoomedAlready_OthersAreNotRefusedForItsSake()
    {
        var queue = Timed(run: 10);
        Assert.True(Add(queue, "doomed", 4, due: 30, latest: 20));
        Assert.True(queue.TryAdd("early", new QueueStanding(4), 29, 45, now: 25, out _).IsAdmitted);
    }

    [Fact]
    public void TryAdd_OvertakenUntilItsDeadline_IsGivenBackToBeToldSo()
    {
        var queue = Timed(run: 10);
        Assert.True(Add(queue, "overtaken", 4, due: 30, round: 1, latest: 20));
        Assert.True(queue.TryAdd("next", new QueueStanding(4), 100, 90, now: 31, out var displaced).IsAdmitted);
        Assert.Equal("overtaken", displaced);
        Assert.Equal(1, queue.Count);
    }

    [Fact]
    public void Remove_Waiting_IsTakenOutOnce()
    {
        var queue = Untimed<string>(4);
        foreach (var name in (string[])["a", "b", "c"]) Assert.True(Add(queue, name, 4, 1));
        Assert.Equal("b", queue.Remove("b"u8, default, Is));
        Assert.Null(queue.Remove("b"u8, default, Is));
        queue.Close();
        Assert.Equal(["a", "c"], Drain(queue));
    }

    [Fact]
    public async Task TryTake_ManyThreads_EachRequestIsTakenOnce()
    {
        const int Count = 2000;
        var queue = Untimed<object>(Count);
        var taken = new System.Collections.Concurrent.ConcurrentBag<object>();
        var takers = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            while (TryTake(queue, out var request)) taken.Add(request);
        })).ToArray();
        for (int i = 0; i < Count; i++) Assert.True(Add(queue, new object(), i % 10, i));
        queue.Close();
        await Task.WhenAll(takers).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(Count, taken.Distinct().Count());
        Assert.Equal(Count, taken.Count);
    }

    private static bool Is(string request, ReadOnlySpan<byte> client, ReadOnlySpan<byte> correlation) => request == System.Text.Encoding.UTF8.GetString(client);

    private static bool Add<T>(RequestQueue<T> queue, T request, int priority, long due, long round = 0, long latest = long.MaxValue, long now = 0)
        where T : class => queue.TryAdd(request, new QueueStanding(priority, round), due, latest, now, out _).IsAdmitted;

    private static RequestQueue<T> Untimed<T>(int limit)
        where T : class => new(limit, new LaneForecast(Second));

    // A queue whose runs are known to take so long, with hardly any deviation.
    private static RequestQueue<string> Timed(int run)
    {
        var forecast = new LaneForecast(Second);
        for (int i = 0; i < 40; i++)
        {
            forecast.Started(-run, 1);
            forecast.Ended(new CompletedRun(0, 1, 1, 1));
        }
        return new RequestQueue<string>(16, forecast);
    }

    // As a worker takes.
    private static bool TryTake<T>(RequestQueue<T> queue, out T request)
        where T : class
    {
        while (queue.TryPeek(out _))
        {
            if (!queue.TryTakeNow(0, out var entry)) continue; // another was quicker
            request = entry.Request;
            return true;
        }
        request = null!;
        return false;
    }

    private static List<string> Drain(RequestQueue<string> queue)
    {
        var order = new List<string>();
        while (TryTake(queue, out var request)) order.Add(request);
        return order;
    }
}
