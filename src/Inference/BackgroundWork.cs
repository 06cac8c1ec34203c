using System.Collections.Concurrent;
using System.Diagnostics;
using EdgeRuntime.Inference.Native;

namespace EdgeRuntime.Inference;

/// <summary>
/// Work that must not be felt by what is served: on a thread of its own at a lower priority. Threads that ONNX Runtime starts inherit it, so
/// a session that is to serve is never opened here. A process that ends waits a while for what is under way, since the destructors of ONNX Runtime pull
/// its tables from under it.
/// </summary>
public static class BackgroundWork
{
    private const int Niceness = 10;
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(10);
    private static readonly ConcurrentDictionary<Thread, bool> Underway = [];

    static BackgroundWork() => AppDomain.CurrentDomain.ProcessExit += static (_, _) => End();

    /// <summary>Starts the work; what it gives or throws is the task's.</summary>
    /// <param name="name">The thread's.</param>
    /// <param name="work">What is done.</param>
    public static Task<T> RunAsync<T>(string name, Func<T> work)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            Underway[Thread.CurrentThread] = true;
            Libc.BeNice(Niceness);
            try
            {
                result.SetResult(work());
            }
            catch (Exception e)
            {
                result.SetException(e);
            }
            finally
            {
                Underway.TryRemove(Thread.CurrentThread, out bool _);
            }
        })
        { IsBackground = true, Name = name };
        thread.Start();
        return result.Task;
    }

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
