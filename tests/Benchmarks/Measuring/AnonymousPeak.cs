namespace EdgeRuntime.Benchmarks.Measuring;

/// <summary>Follows a process's anonymous memory on a thread of its own, about once a millisecond.</summary>
internal sealed class AnonymousPeak : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(1);

    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;
    private long _bytes;

    private AnonymousPeak(int process)
    {
        _thread = new Thread(() => Follow(process)) { IsBackground = true, Name = "anonymous peak" };
        _thread.Start();
    }

    public static AnonymousPeak Of(int process) => new(process);

    /// <summary>How often it looked.</summary>
    public int Samples { get; private set; }

    /// <summary>The highest so far, in bytes.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Ends following.</summary>
    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
        _stop.Dispose();
    }

    private void Follow(int process)
    {
        do
        {
            Interlocked.Exchange(ref _bytes, Math.Max(_bytes, ProcessMemory.AnonymousNow(process)));
            Samples++;
        }
        while (!_stop.Wait(Interval));
    }
}
