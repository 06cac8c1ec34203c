using System.Text.RegularExpressions;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Lanes;
using EdgeRuntime.Serving.Metrics;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Processes;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Metrics;

public sealed partial class PrometheusTextTests
{
    [Fact]
    public async Task Write_EverythingRecorded_PassesPrometheusChecker() => await CheckAsync(Recorded.TextOf(Recorded.Everything()), 0, "");

    [Fact]
    public async Task Write_NothingRecorded_PassesPrometheusChecker() => await CheckAsync(Recorded.TextOf(new DeviceMetrics("0.1.0", TimeProvider.System)), 0, "");

    // What the document says of the setting: the checker reads all of it and complains of their unit alone.
    [Fact]
    public async Task Write_WithTritonDurations_CheckerComplainsOfTheirUnitAlone() => await CheckAsync(Recorded.TextOf(Recorded.Everything(), tritonDurations: true), 3,
        string.Concat(new[] { "nv_inference_compute_infer_duration_us", "nv_inference_queue_duration_us", "nv_inference_request_duration_us" }.Select(name => $"{name} metric names should not contain abbreviated units\n")));

    // No two lines may have the same labels, also where a version is served twice: of its own, and as what a source without a version has.
    [Fact]
    public async Task Write_VersionsSideBySide_AreToldApartAndNothingStandsTwice()
    {
        var metrics = Recorded.Everything();
        var model = metrics.Model("ocr");
        foreach (var version in new[] { "1.0.0", "2.0.0" })
            model.Observe(version, new ModelGauges { QueueLength = () => 3, State = () => "ready", Info = () => new ModelInfo(version, "int8", "specialised", "cpu") });
        var text = Recorded.TextOf(metrics, tritonDurations: false);
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').Select(line => line[..line.LastIndexOf(' ')]).ToList();
        Assert.Equal(lines.Distinct(), lines);
        var families = Exposition.Parse(text).ToDictionary(family => family.Name);
        Assert.Equal(3, Value(families["edge_runtime_queue_requests"], ("model", "ocr"), ("version", "2.0.0")));
        Assert.Equal(3, Value(families["nv_inference_pending_request_count"], ("model", "ocr"), ("version", "1.0.0")));
        Assert.Equal(1, Value(families["edge_runtime_model_state"], ("version", "2.0.0"), ("state", "ready")));
        Assert.Equal(1, Value(families["edge_runtime_model_info"], ("version", "2.0.0")));
        await CheckAsync(text, 0, "");
    }

    [Fact]
    public void Write_Requests_AreCountedByHowAndWhyTheyEnded()
    {
        var requests = Family("edge_runtime_requests_total");
        Assert.Equal(2, Value(requests, ("outcome", "OK"), ("reason", "none"), ("model", "ocr"), ("version", "1.0.0"), ("variant", "int8"), ("route", "local")));
        Assert.Equal(1, Value(requests, ("outcome", "DEADLINE_EXCEEDED"), ("reason", "deadline"), ("variant", "int8")));
        Assert.Equal(1, Value(requests, ("outcome", "RESOURCE_EXHAUSTED"), ("reason", "queue_full"), ("model", "ocr"), ("variant", "")));
        Assert.Equal(1, Value(requests, ("outcome", "NOT_FOUND"), ("reason", "unknown_model"), ("model", "")));
        Assert.Equal(4, requests.Samples.Count);
    }

    [Fact]
    public void Write_Durations_AreInSecondsFromAHundredMicroseconds()
    {
        var compute = Family("edge_runtime_request_compute_seconds");
        var bounds = compute.Samples.Where(sample => sample.Name.EndsWith("_bucket", StringComparison.Ordinal)).Select(sample => sample.Labels["le"]).ToList();
        Assert.Equal(["0.0001", "0.0002", "0.0005", "0.001", "0.002", "0.005", "0.01", "0.02", "0.05", "0.1", "0.2", "0.5", "1", "2", "5", "10", "20", "50", "+Inf"], bounds);
        Assert.Equal(1, Value(compute, ("le", "0.01")));
        Assert.Equal(2, Value(compute, ("le", "0.02")));
        Assert.Equal(0.021, compute.Samples.Single(sample => sample.Name.EndsWith("_sum", StringComparison.Ordinal)).Value, 9);
    }

    [Fact]
    public void Write_TritonsNames_SayWhatOursSay()
    {
        var families = Exposition.Parse(Recorded.TextOf(Recorded.Everything(), tritonDurations: true)).ToDictionary(family => family.Name);
        (string Name, string Version, double Value)[] expected =
        [
            ("nv_inference_request_success", "1.0.0", 2), ("nv_inference_request_failure", "1.0.0", 1), ("nv_inference_request_failure", "", 1), ("nv_inference_count", "1.0.0", 2),
            ("nv_inference_exec_count", "", 1), ("nv_inference_pending_request_count", "", 7), ("nv_inference_request_duration_us", "1.0.0", 117_000),
            ("nv_inference_queue_duration_us", "1.0.0", 93_000), ("nv_inference_compute_infer_duration_us", "1.0.0", 21_000),
        ];
        foreach (var (name, version, value) in expected) Assert.Equal(value, Value(families[name], ("model", "ocr"), ("version", version)));
        Assert.Equal(expected.Select(one => one.Name).Distinct().Order(), families.Keys.Where(name => name.StartsWith("nv_", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public async Task Write_NameThatNeedsEscapes_ComesBackAsItWas()
    {
        const string Name = "a\"b\\c\nd";
        var text = Recorded.TextOf(Recorded.Everything(Name));
        Assert.Contains(Exposition.Parse(text).SelectMany(family => family.Samples), sample => sample.Labels.GetValueOrDefault("model") == Name);
        await CheckAsync(text, 0, "");
    }

    [Fact]
    public async Task Write_WhileOthersRecord_IsConsistentEachTime()
    {
        var metrics = Recorded.Everything();
        using var stop = new CancellationTokenSource();
        var recording = Enumerable.Range(0, 2).Select(seed => Task.Run(() => Record(metrics, new Random(seed), stop.Token), TestContext.Current.CancellationToken)).ToArray();
        for (int i = 0; i < 200; i++) Exposition.Parse(Recorded.TextOf(metrics));
        await stop.CancelAsync();
        await Task.WhenAll(recording).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.True(metrics.Model("ocr").Count(InferenceStatus.Ok) > 2);
    }

    [Theory]
    [InlineData("# HELP a x\n# TYPE a counter\na 1\na 2\n")]
    [InlineData("# HELP a x\n# TYPE a counter\nb 1\n")]
    [InlineData("# HELP a x\n# TYPE a counter\na{l=\"x\"y\"} 1\n")]
    [InlineData("# HELP a x\n# TYPE a histogram\na_bucket{le=\"1\"} 2\na_bucket{le=\"+Inf\"} 1\na_sum 1\na_count 1\n")]
    [InlineData("# HELP a x\n# TYPE a histogram\na_bucket{le=\"1\"} 1\na_bucket{le=\"+Inf\"} 2\na_sum 1\na_count 1\n")]
    [InlineData("# HELP a x\n# TYPE a histogram\na_bucket{le=\"1\"} 1\na_sum 1\na_count 1\n")]
    public void Parse_BrokenText_IsRefused(string text) => Assert.Throws<FormatException>(() => Exposition.Parse(text));

    [Fact]
    public void Document_Table_ListsEveryFamilyWithItsTypeAndLabels()
    {
        var text = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "docs", "formats", "metrics.md"));
        var rows = Rows().Matches(text).Select(row => (row.Groups[1].Value, row.Groups[2].Value, string.Join(' ', Names().Matches(row.Groups[3].Value).Select(name => name.Groups[1].Value).Order())));
        var families = Exposition.Parse(Recorded.TextOf(Recorded.Everything(), tritonDurations: true))
            .Select(family => (family.Name, family.Type, string.Join(' ', family.LabelNames.Where(label => label != "le").Order())));
        Assert.Equal(families.Order(), rows.Order());
    }

    [Fact]
    public void Document_Reasons_AreAllThereWithTheirStatus()
    {
        var text = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "docs", "formats", "metrics.md"));
        var rows = ReasonRows().Matches(text).Select(row => (row.Groups[1].Value, row.Groups[2].Value));
        var reasons = Enum.GetValues<RefusalReason>().Select(reason => (Text(reason.WireName()), Text(reason.Status().WireName())));
        Assert.Equal(reasons.Order(), rows.Order());

        static string Text(ReadOnlySpan<byte> text) => System.Text.Encoding.ASCII.GetString(text);
    }

    private static void Record(DeviceMetrics metrics, Random random, CancellationToken stop)
    {
        var series = metrics.Model("ocr").Series("int8", "local", "1.0.0");
        while (!stop.IsCancellationRequested)
        {
            var compute = TimeSpan.FromTicks(random.Next(1, 10_000_000));
            series.Request(RefusalReason.None, compute, compute, compute);
            metrics.Model("ocr").Batch(random.Next(1, 300));
        }
    }

    private static Family Family(string name) => Exposition.Parse(Recorded.TextOf(Recorded.Everything())).Single(family => family.Name == name);

    private static double Value(Family family, params (string Name, string Value)[] labels) =>
        family.Samples.Single(sample => labels.All(label => sample.Labels.GetValueOrDefault(label.Name) == label.Value)).Value;

    private static async Task CheckAsync(string text, int exitCode, string complaints)
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["metrics"], text, TestContext.Current.CancellationToken);
        var run = await ProcessRun.RunAsync("/bin/sh", "-c", $"'{RepositoryPaths.Promtool}' check metrics <'{folder["metrics"]}'");
        Assert.Equal((exitCode, complaints), (run.ExitCode, run.Output + run.Error));
    }

    [GeneratedRegex(@"^\| `([a-z_]+)` \| (counter|gauge|histogram|untyped) \|([^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex Rows();

    [GeneratedRegex(@"^\| `([a-z_]+)` \| `([A-Z_]+)` \|", RegexOptions.Multiline)]
    private static partial Regex ReasonRows();

    [GeneratedRegex("`([a-z_]+)`")]
    private static partial Regex Names();
}
