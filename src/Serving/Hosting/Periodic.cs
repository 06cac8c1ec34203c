namespace EdgeRuntime.Serving.Hosting;

/// <summary>Work that is done again and again.</summary>
internal static class Periodic
{
    /// <summary>Does it after every interval, until <paramref name="stop"/>; then it returns.</summary>
    public static async Task RunAsync(TimeSpan interval, Action work, TimeProvider time, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(interval, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!stop.IsCancellationRequested) work();
        }
    }

    /// <summary>Looks at every interval; returns once what it looks for is so no more, or its patience is at an end.</summary>
    public static async Task WhileAsync(Func<bool> isSo, TimeSpan interval, TimeSpan patience, TimeProvider time)
    {
        long start = time.GetTimestamp();
        while (isSo() && time.GetElapsedTime(start) < patience) await Task.Delay(interval, time).ConfigureAwait(false);
    }
}
