using System.Globalization;
using System.Text.Json;
using EdgeRuntime.Benchmarks.Device;
using EdgeRuntime.Benchmarks.Measuring;
using EdgeRuntime.Benchmarks.Reporting;
using EdgeRuntime.TestKit;

namespace EdgeRuntime.Benchmarks.Startup;

/// <summary>Characters read from JPEG bytes over MQTT, against the bare model in Node.js on the same images.</summary>
internal static class TextLoss
{
    private const int SmokeStep = 50;
    private static readonly TimeSpan NodeDeadline = TimeSpan.FromMinutes(3);

    public static async Task MeasureAsync(BenchRun run, BenchSite site, DeviceFolder folder, SignedBundle bundle)
    {
        var step = run.Smoke ? SmokeStep : 1;
        TextLine[] lines = [.. TextLines.Read().Where((_, at) => at % step == 0)];
        run.Says($"reading {lines.Length} text lines over MQTT");
        var ours = await ReadOverMqttAsync(site, folder, bundle, lines);
        run.Says("reading them in Node.js");
        var theirs = await ReadInNodeAsync(step);
        if (theirs.Count != lines.Length) throw new InvalidDataException($"the peer read {theirs.Count} of {lines.Length} lines");
        Report(run.Report, lines, ours, theirs);
    }

    private static async Task<IReadOnlyList<string>> ReadOverMqttAsync(BenchSite site, DeviceFolder folder, SignedBundle bundle, TextLine[] lines)
    {
        await using var device = RunningDevice.Start(folder, bundle);
        await site.Client.OnlineAsync(device);
        var texts = new List<string>();
        foreach (var line in lines)
        {
            var answer = await site.Client.AskAsync(device, bundle.Model, BenchRequest.Jpeg(line.Path));
            texts.Add(answer.ExpectOk().Text("text"));
        }
        await device.StopAsync();
        return texts;
    }

    private static async Task<IReadOnlyList<string>> ReadInNodeAsync(int step)
    {
        var output = await NodeScript.RunAsync("text-lines.mjs", NodeDeadline, TextModel.Model, TextModel.Labels, RepositoryPaths.TextLines,
            step.ToString(CultureInfo.InvariantCulture), BenchRun.Threads.ToString(CultureInfo.InvariantCulture));
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(TextOf)];
    }

    private static string TextOf(string line)
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.GetProperty("text").GetString() ?? "";
    }

    private static void Report(BenchReport report, TextLine[] lines, IReadOnlyList<string> ours, IReadOnlyList<string> theirs)
    {
        var (mine, peer) = (PercentRead(lines, ours), PercentRead(lines, theirs));
        var same = ours.Zip(theirs).Count(pair => pair.First == pair.Second);
        report.Add(new Figure("text-loss-points", peer - mine, "points") { Goal = Goal.AtMost(0.3), Samples = lines.Length, Note = $"{same} of {lines.Length} lines read alike" });
        report.Add(new Figure("text-read-percent", mine, "%") { Peer = "node", PeerValue = peer, Samples = lines.Length });
    }

    private static double PercentRead(TextLine[] lines, IReadOnlyList<string> texts)
    {
        var errors = lines.Zip(texts, (line, text) => EditDistance.Of(line.Truth, text)).Sum();
        return 100 * (1 - (double)errors / lines.Sum(line => line.Truth.Length));
    }
}
