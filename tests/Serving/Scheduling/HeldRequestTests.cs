using EdgeRuntime.Serving.Scheduling;
using EdgeRuntime.TestKit.Time;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Scheduling;

/// <summary>Requests that a server is asked for wait in the queue until the last moment that keeps all promises.</summary>
public sealed class HeldRequestTests
{
    private const int Run = 10; // milliseconds
    private readonly ManualTime _time = new();
    private readonly RequestQueue<string> _queue;

    public HeldRequestTests() => _queue = new RequestQueue<string>(16, Learned(), _time);

    [Fact]
    public void TryPeek_Held_IsPassedOverUntilItsLastMoment()
    {
        Add("held", due: 100, isHeld: true);
        Assert.False(_queue.TryPeekNow(out _));
        Pass(70);
        Assert.False(_queue.TryPeekNow(out _));
        Pass(17);
        Assert.True(_queue.TryPeekNow(out var first));
        Assert.Equal("held", first.Request);
    }

    [Fact]
    public void TryPeek_SeveralHeld_BeginEarlyEnoughForAll()
    {
        for (int i = 0; i < 4; i++) Add($"held-{i}", due: 100, isHeld: true);
        Pass(35);
        Assert.False(_queue.TryPeekNow(out _));
        Pass(20); // four runs of ten, with some caution, and all of them are due at the same time
        Assert.True(_queue.TryPeekNow(out _));
    }

    [Fact]
    public void TryAdd_WhatIsHeld_IsAskedOfTheDeviceOnceTheServerDoesNotAnswer()
    {
        const int Long = 200;
        var queue = new RequestQueue<string>(16, Learned(Long), _time);
        long now = _time.GetTimestamp(), then = now + Units(20 * 12 * Long);
        string[] held = [.. Enumerable.Range(0, 12).Select(i => $"held-{i}")];
        foreach (string one in held) Assert.True(queue.TryAdd(one, new QueueStanding(4), then, then, now, out _, isHeld: true).IsAdmitted);
        Assert.Equal(0, Coming(queue));
        foreach (string one in held) Assert.True(queue.Release(one));
        Assert.True(Coming(queue) > 0.25); // 2.4 seconds of work in two
    }

    [Fact]
    public void TryTake_HeldOneAhead_TheOthersAreTaken()
    {
        Add("held", due: 100, isHeld: true);
        Add("mine", due: 200);
        Assert.True(_queue.TryTakeNow(0, out var entry));
        Assert.Equal("mine", entry.Request);
        Assert.False(_queue.TryTakeNow(0, out _));
        Assert.Equal(1, _queue.Count);
    }

    [Fact]
    public void TryAdd_WhatIsHeld_IsAPromiseLikeAnyOther()
    {
        for (int i = 0; i < 5; i++) Add($"held-{i}", due: 70, isHeld: true);
        Assert.False(TryAdd("another", due: 60, isHeld: false).IsAdmitted);
        Assert.True(TryAdd("later", due: 200, isHeld: false).IsAdmitted);
    }

    [Fact]
    public void Release_ServerRefused_IsTakenInItsTurn()
    {
        Add("held", due: 100, isHeld: true);
        Assert.True(_queue.Release("held"));
        Assert.False(_queue.Release("held"));
        Assert.True(_queue.TryTakeNow(0, out _));
    }

    [Fact]
    public void TryRemove_ServerAnswered_IsGone()
    {
        Add("held", due: 100, isHeld: true);
        Assert.True(_queue.TryRemove("held"));
        Assert.False(_queue.TryRemove("held"));
        Pass(99);
        Assert.False(_queue.TryPeekNow(out _));
    }

    [Fact]
    public void Close_WhatIsHeld_IsHandedOut()
    {
        Add("held", due: 100_000, isHeld: true);
        _queue.Close();
        Assert.True(_queue.TryPeek(out _));
    }

    [Fact]
    public void Outlook_ByPriority_CountsWhatIsAhead()
    {
        for (int i = 0; i < 5; i++) Add($"low-{i}", due: 10_000, priority: 2);
        var waits = new long[10];
        Assert.InRange(Milliseconds(_queue.Outlook(_time.GetTimestamp(), waits)), Run, Run + 1);
        Assert.InRange(Milliseconds(waits[2]), 5 * Run, 8 * Run);
        Assert.Equal(waits[0], waits[2]);
        Assert.InRange(Milliseconds(waits[3]), 0, Run / 2);
    }

    private double Coming(RequestQueue<string> queue)
    {
        double coming = -1;
        queue.Update(_time.GetTimestamp(), (forecast, now) => coming = forecast.Coming(now));
        return coming;
    }

    private void Add(string request, int due, bool isHeld = false, int priority = 4) => Assert.True(TryAdd(request, due, isHeld, priority).IsAdmitted);

    private QueueVerdict TryAdd(string request, int due, bool isHeld, int priority = 4)
    {
        long now = _time.GetTimestamp(), then = now + Units(due);
        return _queue.TryAdd(request, new QueueStanding(priority), then, then, now, out _, isHeld);
    }

    private void Pass(int milliseconds) => _time.Advance(TimeSpan.FromMilliseconds(milliseconds));

    private static double Milliseconds(long units) => (double)units / TimeSpan.TicksPerMillisecond;

    private static long Units(int milliseconds) => milliseconds * TimeSpan.TicksPerMillisecond;

    private LaneForecast Learned(int run = Run)
    {
        var forecast = new LaneForecast(TimeSpan.TicksPerSecond, new BatchPolicy(TimeSpan.TicksPerSecond, 1));
        long now = _time.GetTimestamp();
        for (int i = 0; i < 60; i++)
        {
            forecast.Started(now - Units(run), 1);
            forecast.Ended(new CompletedRun(now, 1, 1, 1));
        }
        return forecast;
    }
}
