using EdgeRuntime.Benchmarks.Device;
using EdgeRuntime.Benchmarks.Measuring;
using EdgeRuntime.Benchmarks.Reporting;
using EdgeRuntime.TestKit.Processes;

namespace EdgeRuntime.Benchmarks.Memory;

/// <summary>Serving in a control group that may hold only a part of the weights, page cache included; specialised, and not yet specialised.</summary>
internal static class UnderCap
{
    private const double Part = 0.6;
    private const int RequestCount = 10;
    private static readonly TimeSpan PlainDeadline = TimeSpan.FromSeconds(60);

    public static async Task MeasureAsync(Subject subject)
    {
        subject.Says($"under a limit of {Part:P0} of the weights");
        var limit = (long)(Part * subject.Model.WeightBytes);
        using var cap = MemoryCap.TryCreate(limit, out var reason);
        var figure = new Figure("answers-under-cap", null, "") { Goal = Goal.NoLessThan(1), Samples = RequestCount, Note = reason };
        if (cap is null)
        {
            subject.Add(figure);
            return;
        }
        var plain = await PlainLoadAsync(subject, cap);
        var (answers, told) = await ServeAsync(subject, cap);
        subject.Add(figure with { Value = answers, Note = $"limit {limit / MemoryBench.Megabyte:0} MB: {told}; a plain load {plain}" });
        Directory.Delete(Path.Combine(subject.Folder.Root, "cache"), recursive: true);
        (answers, told) = await ServeAsync(subject, cap);
        subject.Add(figure with { Id = "answers-under-cap-unspecialised", Value = answers, Note = told });
    }

    private static async Task<(int Answers, string Told)> ServeAsync(Subject subject, MemoryCap cap)
    {
        PageCache.Drop(subject.Folder.Root);
        await using var device = RunningDevice.Start(subject.Folder, subject.Bundle, cap);
        try
        {
            await subject.Site.Client.OnlineAsync(device);
            var times = await subject.AskAsync(device, RequestCount);
            var memory = ProcessMemory.Of(device.ProcessId);
            await device.StopAsync();
            return (1, $"an answer takes {Median.Of(times):0} ms, {memory.Anonymous / MemoryBench.Megabyte:0.0} MB anonymous");
        }
        catch (DeviceLostException lost)
        {
            return (0, lost.Message.ReplaceLineEndings("; "));
        }
    }

    private static async Task<string> PlainLoadAsync(Subject subject, MemoryCap cap)
    {
        var (file, arguments) = cap.Enter(PlainLoadCommand.For(subject.Model));
        try
        {
            var ended = await ProcessRun.RunAsync(file, arguments, PlainDeadline);
            return ended.ExitCode switch { 0 => "answers", 137 => "is killed", var code => $"ends with exit code {code}" };
        }
        catch (TimeoutException)
        {
            return $"does not answer within {PlainDeadline.TotalSeconds} s";
        }
    }
}
