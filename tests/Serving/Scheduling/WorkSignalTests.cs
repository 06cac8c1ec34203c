using System.Diagnostics;
using EdgeRuntime.Serving.Scheduling;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Scheduling;

public sealed class WorkSignalTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20), Short = TimeSpan.FromMilliseconds(20);

    [Fact]
    public void Wait_ChangedBefore_ReturnsAtOnce()
    {
        var signal = new WorkSignal();
        int seen = signal.Version;
        signal.Set();
        Assert.True(Took(signal, seen, Long) < Long / 4);
        Assert.NotEqual(seen, signal.Version);
    }

    [Fact]
    public void Wait_NothingChanges_ReturnsWhenItIsToo()
    {
        var signal = new WorkSignal();
        Assert.InRange(Took(signal, signal.Version, Short), Short / 2, Long / 4);
    }

    [Fact]
    public void Wait_ChangesComeWithinMicrosecondsAndThenNot_NoneIsMissedAndItSleepsAgain()
    {
        const int Rounds = 20_000;
        var (ping, pong) = (new WorkSignal(), new WorkSignal());
        int[] said = [0, 0];
        var other = new Thread(() => Answer(ping, pong, said, Rounds)) { IsBackground = true };
        other.Start();
        for (int round = 1; round <= Rounds; round++)
        {
            Volatile.Write(ref said[0], round);
            ping.Set();
            Until(pong, ref said[1], round);
        }
        Assert.True(other.Join(Long));
        for (int i = 0; i < 3; i++) Assert.InRange(Took(pong, pong.Version, Short), Short / 2, Long / 4);
    }

    private static void Answer(WorkSignal ping, WorkSignal pong, int[] said, int rounds)
    {
        for (int round = 1; round <= rounds; round++)
        {
            Until(ping, ref said[0], round);
            Volatile.Write(ref said[1], round);
            pong.Set();
        }
    }

    private static void Until(WorkSignal signal, ref int value, int wanted)
    {
        while (true)
        {
            int seen = signal.Version;
            if (Volatile.Read(ref value) == wanted) return;
            if (Took(signal, seen, Long) >= Long) Assert.Fail($"{wanted} was missed");
        }
    }

    private static TimeSpan Took(WorkSignal signal, int seen, TimeSpan longest)
    {
        var watch = Stopwatch.StartNew();
        signal.Wait(seen, longest);
        return watch.Elapsed;
    }
}
