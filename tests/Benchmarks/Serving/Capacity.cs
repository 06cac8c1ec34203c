using EdgeRuntime.Benchmarks.Load;

namespace EdgeRuntime.Benchmarks.Serving;

/// <summary>How much a device can do.</summary>
internal static class Capacity
{
    private const int UnderWay = 8;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1), Measured = TimeSpan.FromSeconds(4), Glimpse = TimeSpan.FromMilliseconds(500);

    /// <summary>Answers per second with as many requests under way as keep it busy.</summary>
    public static async Task<double> FindAsync(BenchRun run, LoadCrew crew, LoadStream stream)
    {
        var duration = run.Smoke ? Glimpse : Measured;
        await crew.KeepAsync(stream, UnderWay, run.Smoke ? Glimpse : WarmUp);
        var result = await crew.KeepAsync(stream, UnderWay, duration);
        return result.Ok > 0 ? result.Ok / duration.TotalSeconds : throw new InvalidDataException($"{stream.Device.Name} answered {result.Statuses()}\n{stream.Device.Log}");
    }
}
