using System.Diagnostics;
using EdgeRuntime.TestKit.Models;
using Xunit;

namespace EdgeRuntime.Inference.Tests.Runs;

public sealed class RunDeadlineTests
{
    private static readonly byte[] SlowModel = TestModels.Slow(size: 512, steps: 400);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Run_DeadlineDuringRun_EndsEarlyAndNextRunCompletes()
    {
        using var model = new OpenModel(SlowModel);
        using var context = Bound(model);
        var whole = Stopwatch.StartNew();
        Assert.Equal(RunOutcome.Completed, context.Run(TimeSpan.FromMinutes(1), Token));
        whole.Stop();
        var early = Stopwatch.StartNew();
        Assert.Equal(RunOutcome.DeadlineExceeded, context.Run(TimeSpan.FromMilliseconds(whole.Elapsed.TotalMilliseconds / 10), Token));
        Assert.True(early.Elapsed < whole.Elapsed * 0.6, $"ended after {early.Elapsed}, a whole run takes {whole.Elapsed}");
        Assert.Throws<InferenceException>(() => context.Output(0).Type);
        Assert.Equal(RunOutcome.Completed, context.Run(TimeSpan.FromMinutes(1), Token));
    }

    [Fact]
    public void Run_CancelledDuringRun_EndsEarly()
    {
        using var model = new OpenModel(SlowModel);
        using var context = Bound(model);
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));
        Assert.Equal(RunOutcome.Cancelled, context.Run(Timeout.InfiniteTimeSpan, cancel.Token));
    }

    [Fact]
    public void Run_GivenUpBeforeItBegan_EndsEarlyAndNextRunCompletes()
    {
        using var model = new OpenModel(TestModels.Identity());
        using var context = model.CreateContext();
        context.BindInput(0, new byte[4], [1, 1]);
        context.Cancel(); // too early to be heard
        Assert.Equal(RunOutcome.Cancelled, context.Run(TimeSpan.FromMinutes(1), static () => true, Token));
        Assert.Equal(RunOutcome.Completed, context.Run(TimeSpan.FromMinutes(1), static () => false, Token));
    }

    [Fact]
    public void Run_NoTimeLeftOrCancelledBefore_DoesNotRun()
    {
        using var model = new OpenModel(SlowModel);
        using var context = Bound(model);
        Assert.Equal(RunOutcome.DeadlineExceeded, context.Run(TimeSpan.Zero, Token));
        Assert.Equal(RunOutcome.DeadlineExceeded, context.Run(TimeSpan.FromSeconds(-3), Token));
        Assert.Equal(RunOutcome.Cancelled, context.Run(TimeSpan.FromSeconds(1), new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Run_ManyShortRunsUnderShortDeadlines_NoneIsEndedByAnothersDeadline()
    {
        using var model = new OpenModel(TestModels.Identity());
        using var context = model.CreateContext();
        context.BindInput(0, new byte[4], [1, 1]);
        for (int i = 0; i < 20_000; i++) Assert.Equal(RunOutcome.Completed, context.Run(TimeSpan.FromSeconds(20), Token));
    }

    private static RunContext Bound(OpenModel model)
    {
        var context = model.CreateContext();
        context.BindInput(0, new byte[512 * 512 * 4], [512, 512]);
        return context;
    }
}
