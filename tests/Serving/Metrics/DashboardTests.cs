using System.Text.Json;
using EdgeRuntime.TestKit;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Metrics;

/// <summary>deploy/grafana/edge-runtime.json asks for what the device exports, and nothing else.</summary>
public sealed class DashboardTests
{
    private static readonly string File = Path.Combine(RepositoryPaths.Root, "deploy", "grafana", "edge-runtime.json");
    private static readonly IReadOnlyList<Family> Exported = Exposition.Parse(Recorded.TextOf(Recorded.Everything()));

    [Fact]
    public void Dashboard_EveryQuery_AsksForExportedNamesAndLabels()
    {
        using var dashboard = Open();
        var queries = Panels(dashboard).SelectMany(Queries).Concat(Variables(dashboard)).ToList();
        Assert.True(queries.Count > 30, $"only {queries.Count} queries were found");
        Assert.Empty(queries.SelectMany(query => PromQuery.Faults(query, Exported).Select(fault => $"{query}: {fault}")));
    }

    [Theory]
    [InlineData("rate(edge_runtime_request_total[5m])", "edge_runtime_request_total is not exported")]
    [InlineData("sum(edge_runtime_requests_total{client=\"me\"})", "edge_runtime_requests_total has no label 'client'")]
    [InlineData("sum by (le, node) (rate(edge_runtime_request_queue_seconds_bucket[5m]))", "nothing in it has a label 'node'")]
    [InlineData("edge_runtime_request_queue_seconds_sum{le=\"1\"}", "edge_runtime_request_queue_seconds_sum has no label 'le'")]
    [InlineData("edge_runtime_request_queue_seconds", "edge_runtime_request_queue_seconds is not exported")]
    [InlineData("sum(edge_runtime_requests_total{outcome=\"Ok\"})", "outcome has no value 'Ok'")]
    public void Faults_QueryForWhatIsNotThere_AreFound(string query, string fault) => Assert.Equal([fault], PromQuery.Faults(query, Exported));

    [Fact]
    public void Dashboard_Panels_HaveIdsTitlesAndPlacesOfTheirOwn()
    {
        using var dashboard = Open();
        var panels = Panels(dashboard).ToList();
        Assert.Equal(panels.Count, panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
        Assert.All(panels, panel => Assert.NotEmpty(panel.GetProperty("title").GetString()!));
        var cells = panels.SelectMany(Cells).ToList();
        Assert.Equal(cells.Count, cells.Distinct().Count());
        Assert.All(cells, cell => Assert.InRange(cell.X, 0, 23));
    }

    [Fact]
    public void Dashboard_DataSource_IsChosenByWhoeverLooks()
    {
        using var dashboard = Open();
        foreach (var panel in Panels(dashboard).Where(panel => panel.GetProperty("type").GetString() != "row"))
            Assert.Equal("${datasource}", panel.GetProperty("datasource").GetProperty("uid").GetString());
    }

    private static JsonDocument Open() => JsonDocument.Parse(System.IO.File.ReadAllText(File));

    private static JsonElement.ArrayEnumerator Panels(JsonDocument dashboard) => dashboard.RootElement.GetProperty("panels").EnumerateArray();

    private static IEnumerable<string> Queries(JsonElement panel) =>
        panel.TryGetProperty("targets", out var targets) ? targets.EnumerateArray().Select(target => target.GetProperty("expr").GetString()!) : [];

    // label_values(QUERY, LABEL) as the query that it stands for.
    private static IEnumerable<string> Variables(JsonDocument dashboard) => dashboard.RootElement.GetProperty("templating").GetProperty("list").EnumerateArray()
        .Select(variable => variable.GetProperty("query").GetString()!).Where(query => query.StartsWith("label_values(", StringComparison.Ordinal))
        .Select(query => query["label_values(".Length..^1]).Select(query => $"sum by ({query[(query.LastIndexOf(',') + 1)..].Trim()}) ({query[..query.LastIndexOf(',')]})");

    private static IEnumerable<(int X, int Y)> Cells(JsonElement panel)
    {
        var place = panel.GetProperty("gridPos");
        int Of(string name) => place.GetProperty(name).GetInt32();
        return Enumerable.Range(Of("x"), Of("w")).SelectMany(x => Enumerable.Range(Of("y"), Of("h")).Select(y => (x, y)));
    }
}
