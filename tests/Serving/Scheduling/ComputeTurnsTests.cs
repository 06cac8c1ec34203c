using EdgeRuntime.Serving.Scheduling;
using EdgeRuntime.TestKit.Time;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Scheduling;

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
        var turns = new ComputeTurns(1, _time);
        var (light, heavy) = (turns.Join(9), turns.Join(3));
        turns.Weigh(light, 1); // until the configuration is read again
        var had = new TimeSpan[2];
        Assert.True(turns.TryEnter(light, 4, Far, 0));
        var entering = Task.Run(() => turns.TryEnter(heavy, 4, Far, 0));
        await UntilWaitingAsync(heavy);
        Run(light, TimeSpan.FromMilliseconds(4));
        Assert.True(await entering.WaitAsync(Patience, TestContext.Current.CancellationToken));
        for (int turn = 0; turn < 400; turn++)
        {
            if (heavy.HasTurn) Run(heavy, TimeSpan.FromMilliseconds(2));
            else Run(light, TimeSpan.FromMilliseconds(4));
        }
        Assert.InRange(had[1] / had[0], 2.9, 3.1); // three, were it not for where it ends

        void Run(ComputeTurns.Contender lane, TimeSpan run)
        {
            Assert.NotEqual(light.HasTurn, heavy.HasTurn);
            _time.Advance(run);
            had[lane == heavy ? 1 : 0] += run;
            turns.Yield(lane, 4, Far);
        }
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
