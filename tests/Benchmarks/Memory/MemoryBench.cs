namespace EdgeRuntime.Benchmarks.Memory;

internal static class MemoryBench
{
    public static Task RunAsync(BenchRun run) => Task.CompletedTask;
}
