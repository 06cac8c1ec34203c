namespace EdgeRuntime.TestKit.Memory;

/// <summary>
/// What code allocates, in managed bytes: the least of several rounds, since both counters see more than the code at times. The count for a thread is off by
/// allocation contexts (8 KB each) where collections fall into it; that of the process has what timers, the thread pool and the runner allocate.
/// </summary>
public static class Allocation
{
    private const int MostRounds = 12;

    /// <summary>The least that the calling thread allocates in one of several rounds.</summary>
    /// <param name="warmRound">What to run in each round. What it allocates once, such as the type it is the first to use, is not seen.</param>
    /// <param name="enough">The rounds end with the first that allocates at most so much, in bytes.</param>
    public static long Least(Action warmRound, long enough = 0) => Least(GC.GetAllocatedBytesForCurrentThread, warmRound, enough);

    /// <summary>The least that the whole process allocates in one of several rounds. Nothing else may run beside it.</summary>
    /// <inheritdoc cref="Least(Action, long)"/>
    public static long LeastOfProcess(Action warmRound, long enough) => Least(() => GC.GetTotalAllocatedBytes(precise: true), warmRound, enough);

    private static long Least(Func<long> counter, Action warmRound, long enough)
    {
        long least = long.MaxValue;
        for (int round = 0; round < MostRounds && least > enough; round++)
        {
            long before = counter();
            warmRound();
            least = Math.Min(least, counter() - before);
        }
        return least;
    }
}
