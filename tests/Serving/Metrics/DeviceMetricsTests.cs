using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Lanes;
using EdgeRuntime.Serving.Metrics;
using EdgeRuntime.TestKit.Memory;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Metrics;

[Collection(WholeProcess.Name)]
public sealed class DeviceMetricsTests
{
    private readonly DeviceMetrics _metrics = new("0.1.0", TimeProvider.System);

    [Fact]
    public void Record_Warm_AllocatesNothing()
    {
        var model = _metrics.Model("ocr");
        var series = model.Series("fp32", "local", "1.0.0");
        Record(1100);
        Assert.Equal(2200, model.Count(InferenceStatus.Ok));
        Assert.Equal(0, Allocation.Least(() => Record(1000)));

        void Record(int count)
        {
            for (int i = 0; i < count; i++)
            {
                var took = TimeSpan.FromTicks(i);
                series.Request(RefusalReason.None, took, took, took);
                model.Series("int8", "local").Request(RefusalReason.None, took, took, took);
                model.Refused(RefusalReason.Share, took);
                model.Batch(i);
            }
        }
    }

    [Fact]
    public void Model_SameName_IsTheSame() => Assert.Same(_metrics.Model("ocr"), _metrics.Model(new string("ocr".AsSpan())));

    [Fact]
    public void Model_MoreThanThereIsRoomFor_ShareOne()
    {
        for (int i = 0; i < DeviceMetrics.MostModels; i++) _metrics.Model($"m{i}");
        Assert.Same(_metrics.Model("a"), _metrics.Model("b"));
        Assert.Equal(DeviceMetrics.MostModels + 1, _metrics.Models.Count);
        Assert.Equal("m0", _metrics.Model("m0").Model);
    }

    [Fact]
    public void Series_YearsOfUpdates_KeepsTheNewest()
    {
        var model = _metrics.Model("ocr");
        for (int i = 0; i < 1000; i++) model.Series("fp32", "local", $"1.0.{i}");
        Assert.Equal(ModelMetrics.MostSeries, model.All.Count);
        Assert.Equal("1.0.999", model.All[^1].Version);
        Assert.Same(model.All[^1], model.Series("fp32", "local", "1.0.999"));
    }

    [Fact]
    public void Series_VersionsInServiceSideBySide_AreKeptThroughUpdatesOfOthers()
    {
        var model = _metrics.Model("ocr");
        foreach (var version in new[] { "1", "2", "3" }) model.Observe(version, new ModelGauges { Info = () => new ModelInfo(version, "fp32", "plain", "cpu") });
        var serving = new[] { "1", "2", "3" }.Select(version => model.Series("fp32", "local", version)).ToList();
        for (int i = 0; i < 1000; i++) model.Series("fp32", "local", $"0.{i}");
        Assert.Equal(3 * ModelMetrics.MostSeries, model.All.Count);
        Assert.All(serving, series => Assert.Contains(series, model.All));
    }

    [Fact]
    public async Task Series_ManyThreads_MakeOne()
    {
        var model = _metrics.Model("ocr");
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => model.Series("fp32", "local"), TestContext.Current.CancellationToken)));
        Assert.Single(made.Distinct());
    }

    [Fact]
    public void Counters_EveryReason_IsApartAndBelongsToOneOutcome()
    {
        var counters = new RequestCounters();
        var reasons = Enum.GetValues<RefusalReason>();
        for (int i = 0; i < reasons.Length; i++)
            for (int n = 0; n <= i; n++) counters.Count(reasons[i]);
        Assert.Equal(Enumerable.Range(1, reasons.Length).Select(n => (long)n), reasons.Select(reason => counters[reason]));
        foreach (var status in Enum.GetValues<InferenceStatus>())
            Assert.Equal(reasons.Where(reason => reason.Status() == status).Sum(reason => counters[reason]), counters[status]);
        Assert.Equal(1, counters[InferenceStatus.Ok]);
    }

    [Fact]
    public void Reasons_Names_AreDistinctWords()
    {
        var names = Enum.GetValues<RefusalReason>().Select(reason => System.Text.Encoding.UTF8.GetString(reason.WireName())).ToList();
        Assert.Equal(RefusalReasons.Count, names.Distinct().Count());
        Assert.All(names, name => Assert.Matches("^[a-z_]+$", name));
    }

    [Fact]
    public void Facts_OfThisProcess_AreThoseOfTheFramework()
    {
        var facts = ProcessFacts.Read();
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        Assert.InRange(facts.ResidentBytes, process.WorkingSet64 / 2, process.WorkingSet64 * 2);
        Assert.InRange(facts.AnonymousBytes + facts.FileBytes, facts.ResidentBytes / 2, facts.ResidentBytes * 2);
        Assert.InRange(facts.Handles, 3, facts.MostHandles);
        Assert.InRange(facts.Threads, 2, 1000);
        Assert.True(facts.Cpu > TimeSpan.Zero);
        Assert.InRange((_metrics.Started - new DateTimeOffset(process.StartTime)).TotalSeconds, -2, 2);
    }

    [Fact]
    public void Facts_OneMoreFileOpen_CountsOneMore()
    {
        long before = ProcessFacts.Read().Handles;
        var files = Enumerable.Range(0, 20).Select(_ => File.OpenHandle("/proc/self/status")).ToList();
        Assert.InRange(ProcessFacts.Read().Handles - before, 15, 25);
        files.ForEach(file => file.Dispose());
    }
}
