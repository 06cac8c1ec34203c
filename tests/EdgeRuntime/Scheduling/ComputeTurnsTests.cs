using EdgeRuntime.Device.Scheduling;
using EdgeRuntime.TestKit.Time;
using Xunit;

namespace EdgeRuntime.Device.Tests.Scheduling;

public sealed class ComputeTurnsTests
{
    private const long Far = long.MaxValue / 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ManualTime _time = new();

    [Fact]
    public void TryEnter_NobodyElse_IsGrantedAtOnceAndAgain()
    {
        var turns = new ComputeTurns(1, _time);
        var lane = turns.Join(1);
        for (int i = 0; i < 3; i++)
        {
            Assert.True(turns.TryEnter(lane, 4, Far, 0));
            turns.Leave(lane);
            turns.Leave(lane);
        }
    }

    [Fact]
    public void TryEnter_TwoSlots_TwoComputeAtOnce()
    {
        var turns = new ComputeTurns(2, _time);
        Assert.True(turns.TryEnter(turns.Join(1), 4, Far, 0));
        Assert.True(turns.TryEnter(turns.Join(1), 4, Far, 0));
        Assert.False(turns.TryEnter(turns.Join(1), 4, due: 0, 0)); // late before it could wait
    }

    [Fact]
    public async Task Leave_SeveralWait_TheHighestPriorityIsNext()
    {
        var turns = new ComputeTurns(1, _time);
        var (first, low, high) = (turns.Join(1), turns.Join(1), turns.Join(1));
        Assert.True(turns.TryEnter(first, 4, Far, 0));
        var order = new List<string>();
        var waiting = new[] { Enter(turns, low, 1, "low", order), Enter(turns, high, 9, "high", order) };
        await UntilWaitingAsync(low, high);
        turns.Leave(first);
        await Task.WhenAll(waiting).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(["high", "low"], order);
    }

    [Fact]
    public async Task Turns_LanesOfDifferentWeightAlwaysWantMore_ShareByWeight()
    {
        var turns = new ComputeTurns(1, TimeProvider.System);
        var had = new double[2];
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(1500));
        var lanes = new[] { (Weight: 1.0, Run: 4), (Weight: 3.0, Run: 2) }.Select((lane, i) => Task.Factory.StartNew(() =>
        {
            var contender = turns.Join(9); // until the configuration is read again
            turns.Weigh(contender, lane.Weight);
            while (!stop.IsCancellationRequested)
            {
                if (!turns.TryEnter(contender, 4, Far, TimeProvider.System.GetTimestamp())) continue;
                long start = TimeProvider.System.GetTimestamp();
                while (TimeProvider.System.GetElapsedTime(start).TotalMilliseconds < lane.Run) Thread.SpinWait(100);
                had[i] += TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
                turns.Yield(contender, 4, Far);
            }
            turns.Leave(contender);
        }, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        await Task.WhenAll(lanes).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.InRange(had[1] / had[0], 2, 4.5); // three, were it not for runs under way at the end and for a busy machine
    }

    [Fact]
    public async Task TryEnter_LowPriorityWaitedTooLong_ComesBeforeAHigherOne()
    {
        var turns = new ComputeTurns(1, _time);
        var (first, low, high) = (turns.Join(1), turns.Join(1), turns.Join(1));
        Assert.True(turns.TryEnter(first, 9, Far, 0));
        var order = new List<string>();
        var patient = Enter(turns, low, 0, "low", order);
        await UntilWaitingAsync(low);
        _time.Advance(TimeSpan.FromSeconds(1));
        var eager = Enter(turns, high, 9, "high", order);
        await UntilWaitingAsync(high);
        turns.Leave(first);
        await Task.WhenAll(patient, eager).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(["low", "high"], order);
    }

    [Fact]
    public async Task TryEnter_SomeoneNeverLeaves_TheTurnIsTakenFromIt()
    {
        var turns = new ComputeTurns(1, _time);
        var (hung, other) = (turns.Join(1), turns.Join(1));
        Assert.True(turns.TryEnter(hung, 4, Far, 0));
        var waiting = Enter(turns, other, 4, "other", []);
        _time.Advance(TimeSpan.FromSeconds(6));
        await waiting.WaitAsync(Patience, TestContext.Current.CancellationToken);
        turns.Leave(hung); // comes back late, and takes nobody's turn away
        Assert.True(turns.TryEnter(hung, 4, Far, 0));
    }

    private static async Task UntilWaitingAsync(params ComputeTurns.Contender[] lanes)
    {
        using var late = new CancellationTokenSource(Patience);
        while (!lanes.All(lane => lane.IsWaiting)) await Task.Delay(1, late.Token);
    }

    private Task Enter(ComputeTurns turns, ComputeTurns.Contender lane, int priority, string name, List<string> order) => Task.Run(() =>
    {
        while (!turns.TryEnter(lane, priority, Far, _time.GetTimestamp())) { }
        lock (order) order.Add(name);
        turns.Leave(lane);
    });
}
