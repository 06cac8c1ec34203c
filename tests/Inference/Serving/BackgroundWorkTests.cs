using Xunit;

namespace EdgeRuntime.Inference.Tests.Serving;

public class BackgroundWorkTests
{
    [Fact]
    public async Task RunAsync_WorkAndWhatFollows_OnlyTheWorkHasALowPriority()
    {
        int usual = Niceness();

        (int work, int after) = await AroundAsync(Niceness);

        Assert.True(work > usual, $"the work's niceness {work}, the caller's {usual}");
        Assert.Equal(usual, after);
    }

    // Whatever threads a pool starts for what follows are started from there.
    [Fact]
    public async Task RunAsync_ThreadStartedByWhatFollows_HasTheUsualPriority()
    {
        int usual = Niceness();

        (_, int started) = await AroundAsync(static () =>
        {
            int niceness = -1;
            var thread = new Thread(() => niceness = Niceness());
            thread.Start();
            thread.Join();
            return niceness;
        });

        Assert.Equal(usual, started);
    }

    [Fact]
    public void Run_WorkThrows_ThrowsTheSame()
    {
        var error = Assert.Throws<InferenceException>(() => BackgroundWork.Run<int>("test", static () => throw new InferenceException(InferenceError.ModelInvalid, "broken")));

        Assert.Equal((InferenceError.ModelInvalid, "broken"), (error.Error, error.Message));
    }

    [Fact]
    public async Task RunAsync_WorkIsCancelled_ThrowsIt() =>
        await Assert.ThrowsAsync<OperationCanceledException>(() => BackgroundWork.RunAsync<int>("test", static () => throw new OperationCanceledException()));

    // The same in the work and in what awaits it.
    private static async Task<(int Work, int After)> AroundAsync(Func<int> look) => (await BackgroundWork.RunAsync("test", look).ConfigureAwait(false), look());

    // Field 19 of what Linux says of a thread, counted from behind its name.
    private static int Niceness() => int.Parse(File.ReadAllText("/proc/thread-self/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[16], System.Globalization.CultureInfo.InvariantCulture);
}
