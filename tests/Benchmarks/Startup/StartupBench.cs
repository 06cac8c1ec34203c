namespace EdgeRuntime.Benchmarks.Startup;

/// <summary>How soon the runtime answers, how large it is, and whether what it answers is right.</summary>
internal static class StartupBench
{
    public static async Task RunAsync(BenchRun run)
    {
        var text = TextModel.Make(run);
        await FirstAnswer.MeasureAsync(run, text);
    }
}
