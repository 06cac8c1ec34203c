using System.Globalization;
using EdgeRuntime.Messaging.Native;
using Xunit;

namespace EdgeRuntime.Messaging.Tests.Mosquitto;

/// <summary>What the kernel says of threads of this process.</summary>
public sealed class ShortSliceTests
{
    private const string Slice = "se.slice";

    [Fact]
    public void Take_ThreadHasIt_AndThoseThatItStartsDoNot()
    {
        var (usual, own, started) = (OfThisThread(), 0L, 0L);
        Run(() =>
        {
            Assert.True(ShortSlice.Take());
            own = OfThisThread();
            Run(() => started = OfThisThread());
        });
        Assert.SkipWhen(usual == 0, "this kernel does not tell slices");
        Assert.SkipWhen(own == usual, "this kernel has no slices of threads (before Linux 6.12)");
        Assert.Equal(100_000, own);
        Assert.Equal(usual, started);
    }

    private static void Run(Action action)
    {
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                action();
            }
            catch (Exception error)
            {
                failure = error;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null) throw failure;
    }

    private static long OfThisThread()
    {
        const string path = "/proc/thread-self/sched";
        var line = File.Exists(path) ? File.ReadLines(path).FirstOrDefault(line => line.StartsWith(Slice, StringComparison.Ordinal)) : null;
        return line is null ? 0 : long.Parse(line.Split(':')[1].Trim(), CultureInfo.InvariantCulture);
    }
}
