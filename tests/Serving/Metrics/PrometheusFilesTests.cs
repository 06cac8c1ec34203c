using System.Text.RegularExpressions;
using EdgeRuntime.Serving.Lanes;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Processes;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Metrics;

/// <summary>What deploy/prometheus and docs/operations.md have Prometheus do, by its own tool and by what the device exports.</summary>
public sealed partial class PrometheusFilesTests
{
    private static readonly string Folder = Path.Combine(RepositoryPaths.Root, "deploy", "prometheus");
    private static readonly string Rules = Path.Combine(Folder, "edge-runtime.rules.yml"), Scrape = Path.Combine(Folder, "prometheus.yml");
    private static readonly string Document = Path.Combine(RepositoryPaths.Root, "docs", "operations.md");
    private static readonly IReadOnlyList<Family> Exported = Exposition.Parse(Recorded.TextOf(Recorded.Everything()));

    [Fact]
    public async Task Files_OfTheRepository_PassPrometheusTool()
    {
        (await ProcessRun.RunAsync(RepositoryPaths.Promtool, "check", "rules", Rules)).Expect();
        (await ProcessRun.RunAsync(RepositoryPaths.Promtool, "check", "config", "--syntax-only", Scrape)).Expect(); // without the certificates
    }

    [Fact]
    public void Rules_EveryQuery_AsksForExportedNamesAndLabels()
    {
        var queries = Expressions().Matches(File.ReadAllText(Rules)).Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(7, queries.Count);
        Assert.Empty(queries.SelectMany(query => PromQuery.Faults(query, Exported).Select(fault => $"{query}: {fault}")));
    }

    [Theory]
    [InlineData("EdgeModelFailed", """edge_runtime_model_state{instance="i",model="m",state="failed"}""", "1+0x60")]
    [InlineData("EdgeModelQuarantined", """edge_runtime_model_state{instance="i",model="m",state="quarantined"}""", "1+0x60")]
    [InlineData("EdgeBrokerGone", """edge_runtime_link_up{instance="i"}""", "0+0x60")]
    [InlineData("EdgeSmallestRung", """edge_runtime_condition{instance="i",state="shedding"}""", "1+0x60")]
    [InlineData("EdgeRequestsFail", """edge_runtime_requests_total{instance="i",model="m",outcome="INTERNAL",reason="failed"}""", "0+60x60")]
    [InlineData("EdgeAcceptedRequestsLate", """edge_runtime_requests_total{instance="i",model="m",outcome="DEADLINE_EXCEEDED",reason="waited"}""", "0+60x60")]
    [InlineData("EdgeOverloaded", """edge_runtime_requests_total{instance="i",model="m",outcome="DEADLINE_EXCEEDED",reason="no_time"}""", "0+600x60")]
    [InlineData("EdgeOverloaded", """edge_runtime_requests_total{instance="i",model="m",outcome="RESOURCE_EXHAUSTED",reason="queue_full"}""", "0+600x60")]
    public async Task Rules_WhatTheyAreFor_IsTold(string alert, string series, string values)
    {
        using var folder = new TempFolder();
        await TestAsync(folder, alert, series, values, fires: true);
        await TestAsync(folder, alert, series, alert == "EdgeBrokerGone" ? "1+0x60" : "0+0x60", fires: false);
    }

    [Fact]
    public void Document_ScrapeConfiguration_IsTheFile()
    {
        var quoted = Block("yaml").Match(File.ReadAllText(Document)).Groups[1].Value;
        Assert.Equal(File.ReadAllText(Scrape).Split('\n', 2)[1], quoted);
    }

    [Fact]
    public void Document_Queries_AskForWhatIsExported()
    {
        var queries = Block("promql").Matches(File.ReadAllText(Document)).Select(match => match.Groups[1].Value).ToList();
        Assert.NotEmpty(queries);
        Assert.Empty(queries.SelectMany(query => PromQuery.Faults(query, Exported)));
    }

    [Fact]
    public void Document_Reasons_AreAllExplainedOnce()
    {
        var section = File.ReadAllText(Document).Split("\n## ").Single(part => part.StartsWith("Prometheus\n", StringComparison.Ordinal));
        var explained = Rows().Matches(section).SelectMany(row => row.Groups[1].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(name => name.Trim('`'));
        var reasons = Enum.GetValues<RefusalReason>().Where(reason => reason != RefusalReason.None).Select(reason => System.Text.Encoding.ASCII.GetString(reason.WireName()));
        Assert.Equal(reasons.Order(), explained.Order());
    }

    // Beside the one series, a thousand requests a minute are answered.
    private static async Task TestAsync(TempFolder folder, string alert, string series, string values, bool fires)
    {
        var file = folder["test.yml"];
        var query = $$"""count(ALERTS{alertname="{{alert}}",alertstate="firing"}) or vector(0)""";
        await File.WriteAllTextAsync(file, $$"""
            rule_files: ["{{Rules}}"]
            evaluation_interval: 1m
            tests:
              - interval: 1m
                input_series:
                  - series: '{{series}}'
                    values: '{{values}}'
                  - series: 'edge_runtime_requests_total{instance="i",model="m",outcome="OK",reason="none"}'
                    values: '0+1000x60'
                promql_expr_test:
                  - expr: '{{query}}'
                    eval_time: 40m
                    exp_samples: [{labels: '{}', value: {{(fires ? 1 : 0)}}}]
            """, TestContext.Current.CancellationToken);
        (await ProcessRun.RunAsync(RepositoryPaths.Promtool, "test", "rules", file)).Expect();
    }

    [GeneratedRegex("^        expr: (.*)$", RegexOptions.Multiline)]
    private static partial Regex Expressions();

    [GeneratedRegex("^\\| ((?:`[a-z_]+` ?)+) \\|", RegexOptions.Multiline)]
    private static partial Regex Rows();

    private static Regex Block(string language) => new($"^```{language}\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline);
}
