namespace EdgeRuntime.TestKit.Memory;

/// <summary>What code allocates. The runtime's count for a thread is off by up to one allocation context (8 KB) where a collection falls into it.</summary>
public static class Allocation
{
    private const int MostRounds = 10;

    /// <summary>The least managed bytes that the calling thread allocates in one of several rounds, the first that allocates nothing ending them.</summary>
    /// <param name="warmRound">What to run in each round. What it allocates once, such as the type it is the first to use, is not seen.</param>
    public static long Least(Action warmRound)
    {
        long least = long.MaxValue;
        for (int round = 0; round < MostRounds && least > 0; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            warmRound();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
