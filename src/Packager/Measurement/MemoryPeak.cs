using System.Globalization;
using System.Runtime.InteropServices;
using EdgeRuntime.Bundles;

namespace EdgeRuntime.Packaging.Measurement;

/// <summary>The most anonymous memory that this process took more while some work was done, as Linux counts it every few milliseconds.</summary>
internal static partial class MemoryPeak
{
    private const string Status = "/proc/self/status", Field = "RssAnon:";
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5), Patience = TimeSpan.FromSeconds(10);

    public static ByteCount During(Action work)
    {
        GC.Collect();
        _ = TrimHeap(0); // what earlier models left free would be taken again, and not be seen
        long before = Anonymous(), peak = before;
        using var done = new ManualResetEventSlim();
        var watcher = new Thread(() =>
        {
            do Interlocked.Exchange(ref peak, Math.Max(Interlocked.Read(ref peak), Anonymous()));
            while (!done.Wait(Interval));
        })
        { IsBackground = true, Name = "memory-peak" };
        watcher.Start();
        try
        {
            work();
        }
        finally
        {
            done.Set();
            watcher.Join(Patience);
        }
        return new ByteCount(Math.Max(0, Math.Max(Interlocked.Read(ref peak), Anonymous()) - before));
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int TrimHeap(nuint kept);

    private static long Anonymous()
    {
        var line = File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line[Field.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture) << 10;
    }
}
