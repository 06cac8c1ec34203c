using EdgeRuntime.Inference.Native;

namespace EdgeRuntime.Inference;

/// <summary>
/// Work that must not be felt by what is served: on a thread of its own at a lower priority. Threads that ONNX Runtime starts inherit it, so
/// a session that is to serve is never opened here.
/// </summary>
public static class BackgroundWork
{
    private const int Niceness = 10;

    /// <summary>Starts the work; what it gives or throws is the task's.</summary>
    /// <param name="name">The thread's.</param>
    /// <param name="work">What is done.</param>
    public static Task<T> RunAsync<T>(string name, Func<T> work)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            Libc.BeNice(Niceness);
            try
            {
                result.SetResult(work());
            }
            catch (Exception e)
            {
                result.SetException(e);
            }
        })
        { IsBackground = true, Name = name };
        thread.Start();
        return result.Task;
    }
}
