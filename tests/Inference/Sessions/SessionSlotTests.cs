using EdgeRuntime.TestKit.Models;
using Xunit;
using static EdgeRuntime.Inference.Tests.OpenModel;

namespace EdgeRuntime.Inference.Tests.Sessions;

public sealed class SessionSlotTests
{
    [Fact]
    public void Swap_IdleContextHoldsOld_OldIsFreedAndItsOutputStaysReadable()
    {
        using var model = new OpenModel(TestModels.Identity());
        using var context = model.CreateContext();
        context.BindInput(0, Bytes(3f), [1, 1]);
        context.Run();
        var old = model.Slot.Current;
        model.Slot.Swap(model.Reopen());
        Assert.False(old.TryAcquire());
        Assert.Equal(3f, context.Output(0).As<float>()[0]);
        context.Run();
        Assert.Equal(3f, context.Output(0).As<float>()[0]);
        Assert.Equal(SessionForm.Specialised, context.Form);
    }

    [Fact]
    public async Task Swap_WhileWorkersRun_EveryAnswerIsRight()
    {
        using var model = new OpenModel(TestModels.Mlp());
        float[] expected = Answer(model);
        using var stop = new CancellationTokenSource();
        var workers = Enumerable.Range(0, 3).Select(_ => OnThread(() => Work(model, expected, stop.Token))).ToArray();
        for (int swap = 0; swap < 40; swap++)
        {
            model.Slot.Swap(model.Reopen());
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
        await stop.CancelAsync();
        int[] runs = await Task.WhenAll(workers);
        Assert.All(runs, count => Assert.True(count > 40, $"only {count} runs"));
    }

    [Fact]
    public void Dispose_ContextStillThere_NextRunSaysSo()
    {
        using var model = new OpenModel(TestModels.Identity());
        using var context = model.CreateContext();
        context.BindInput(0, Bytes(3f), [1, 1]);
        context.Run();
        model.Slot.Dispose();
        Assert.Throws<ObjectDisposedException>(context.Run);
    }

    private static Task<int> OnThread(Func<int> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static int Work(OpenModel model, float[] expected, CancellationToken stop)
    {
        using var context = model.CreateContext();
        int runs = 0;
        for (; !stop.IsCancellationRequested; runs++)
        {
            context.BindInput(0, Bytes(Enumerable.Repeat(0.25f, 16).ToArray()), [1, 16]);
            context.Run();
            Assert.Equal(expected, context.Output(0).As<float>());
        }
        return runs;
    }

    private static float[] Answer(OpenModel model)
    {
        using var context = model.CreateContext();
        context.BindInput(0, Bytes(Enumerable.Repeat(0.25f, 16).ToArray()), [1, 16]);
        context.Run();
        return context.Output(0).As<float>().ToArray();
    }
}
