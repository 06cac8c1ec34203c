using EdgeRuntime.Device.Scheduling;
using Xunit;

namespace EdgeRuntime.Device.Tests.Scheduling;

public sealed class RequestQueueTests
{
    [Fact]
    public void TryTake_MixedPriorities_HigherFirstThenEarlierDeadlineThenArrival()
    {
        var queue = new RequestQueue<string>(8);
        Assert.True(queue.TryAdd("late", 4, due: 30));
        Assert.True(queue.TryAdd("first", 4, due: 20));
        Assert.True(queue.TryAdd("second", 4, due: 20));
        Assert.True(queue.TryAdd("low", 0, due: 1));
        Assert.True(queue.TryAdd("high", 9, due: 99));
        queue.Close();
        var order = new List<string>();
        while (queue.TryTake(out var request)) order.Add(request);
        Assert.Equal(["high", "first", "second", "late", "low"], order);
    }

    [Fact]
    public void TryAdd_Full_IsRefused()
    {
        var queue = new RequestQueue<string>(2);
        Assert.True(queue.TryAdd("a", 4, 1));
        Assert.True(queue.TryAdd("b", 4, 1));
        Assert.False(queue.TryAdd("c", 9, 0));
        Assert.Equal(2, queue.Count);
    }

    [Fact]
    public void TryAdd_Closed_IsRefused()
    {
        var queue = new RequestQueue<string>(2);
        queue.Close();
        Assert.False(queue.TryAdd("a", 4, 1));
        Assert.False(queue.TryTake(out _));
    }

    [Fact]
    public async Task TryTake_ManyThreads_EachRequestIsTakenOnce()
    {
        const int Count = 2000;
        var queue = new RequestQueue<object>(Count);
        var taken = new System.Collections.Concurrent.ConcurrentBag<object>();
        var takers = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            while (queue.TryTake(out var request)) taken.Add(request);
        })).ToArray();
        for (int i = 0; i < Count; i++) Assert.True(queue.TryAdd(new object(), i % 10, i));
        queue.Close();
        await Task.WhenAll(takers).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(Count, taken.Distinct().Count());
        Assert.Equal(Count, taken.Count);
    }
}
