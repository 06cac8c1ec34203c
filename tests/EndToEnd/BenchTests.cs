using System.Text.Json;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Processes;
using Xunit;

namespace EdgeRuntime.EndToEnd.Tests;

/// <summary>The benches run and give every figure that is followed over time; with a few samples, so what they measure does not count.</summary>
public sealed class BenchTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Theory]
    [InlineData("startup", "first-answer-ms first-answer-vs-node ready-on-broker-ms executable-mb idle-rss-mb text-loss-points")]
    [InlineData("memory", "anonymous-mb weights-mb second-process-ratio load-peak-over-weights-mb answers-under-cap")]
    [InlineData("serving", "mqtt-1kb-vs-echo mqtt-150kb-vs-echo inproc-overhead-us alloc-bytes-per-request goodput-3x goodput-10x accepted-in-deadline refusal-p99-ms "
        + "batching-gain swap-failed swap-p99-ratio priority-in-deadline misbehaviour-p99-ratio outage-http-failed outage-resume-ms answered-twice "
        + "soak-anonymous-growth-mb soak-handle-growth soak-p99-ratio")]
    [InlineData("degrade", "utility-median utility-worst misses-accepted scenarios static-beaten static-never-worse "
        + "memory-killed memory-failed memory-drop-s memory-climb-s memory-changes-per-dwell memory-answered-percent "
        + "thermal-margin-c thermal-capped-before-s thermal-p99-ms thermal-changes-per-dwell thermal-failed thermal-answered-percent")]
    public async Task Bench_FewSamples_GivesEveryFigure(string bench, string ids)
    {
        using var folder = new TempFolder();
        var program = Path.Combine(RepositoryPaths.Root, "artifacts", "build", "bin", "Benchmarks", "debug", "edge-bench");
        var run = await ProcessRun.RunAsync(program, [bench, "--smoke", "--json", folder["figures.json"]], Patience);
        run.Expect();
        using var report = JsonDocument.Parse(await File.ReadAllBytesAsync(folder["figures.json"], TestContext.Current.CancellationToken));
        var figures = report.RootElement.GetProperty("figures").EnumerateArray().ToDictionary(figure => figure.GetProperty("id").GetString()!);
        foreach (var id in ids.Split(' ')) Assert.True(figures.ContainsKey(id), $"no figure '{id}' in {string.Join(", ", figures.Keys)}");
        Assert.Equal(bench, report.RootElement.GetProperty("bench").GetString());
        Assert.All(figures.Values.Where(figure => figure.GetProperty("value").ValueKind == JsonValueKind.Null), figure => Assert.NotEmpty(figure.GetProperty("note").GetString()!));
    }
}
