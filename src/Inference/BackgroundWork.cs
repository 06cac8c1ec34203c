using System.Collections.Concurrent;
using System.Diagnostics;
using EdgeRuntime.Inference.Native;

namespace EdgeRuntime.Inference;

/// <summary>
/// Work that must not be felt by what is served: on a thread of its own at a lower priority. Threads that are started there inherit it, ONNX Runtime's and
/// the thread pool's too: so a session that is to serve is never opened here, and what follows runs on another thread, at the usual priority. A process that
/// ends waits a while for what is under way, since the destructors of ONNX Runtime pull its tables from under it.
/// </summary>
public static class BackgroundWork
{
    private const int Niceness = 10;
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(10);
    private static readonly ConcurrentDictionary<Thread, bool> Underway = [];

    static BackgroundWork() => AppDomain.CurrentDomain.ProcessExit += static (_, _) => End();

    /// <summary>Lowers the priority of the calling thread, and of all that it starts, to that of work in the background; there is no way back.</summary>
    public static void BecomesThisThread() => Libc.BeNice(Niceness);

    /// <summary>Does the work and waits for it; what it gives or throws is the caller's.</summary>
    /// <inheritdoc cref="RunAsync"/>
    public static T Run<T>(string name, Func<T> work) => RunAsync(name, work).GetAwaiter().GetResult();

    /// <summary>Starts the work; what it gives or throws is the task's, and what awaits it goes on at the usual priority.</summary>
    /// <param name="name">The thread's.</param>
    /// <param name="work">What is done.</param>
    public static Task<T> RunAsync<T>(string name, Func<T> work)
    {
        // Whoever awaits goes on where the result is set: were that handed to the pool from the low priority, the pool might start a worker that keeps it.
        var result = new TaskCompletionSource<T>();
        var working = new Task<T>(work);
        var low = New(name, () => AtLowPriority(working));
        var usual = New(name, () =>
        {
            low.Join();
            if (working.Exception is { } failed) result.SetException(failed.InnerExceptions);
            else result.SetResult(working.GetAwaiter().GetResult());
        });
        low.Start();
        usual.Start();
        return result.Task;
    }

    private static void AtLowPriority(Task working)
    {
        Underway[Thread.CurrentThread] = true;
        BecomesThisThread();
        working.RunSynchronously(TaskScheduler.Default);
        Underway.TryRemove(Thread.CurrentThread, out bool _);
    }

    private static Thread New(string name, ThreadStart run) => new(run) { IsBackground = true, Name = name };

    private static void End()
    {
        long began = Stopwatch.GetTimestamp();
        foreach (var thread in Underway.Keys)
        {
            var left = LongestEnd - Stopwatch.GetElapsedTime(began);
            if (thread != Thread.CurrentThread && left > TimeSpan.Zero) thread.Join(left);
        }
    }
}
