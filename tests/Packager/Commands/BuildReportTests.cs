using System.Text.Json.Nodes;
using EdgeRuntime.Packaging.Tests.Support;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Commands;

/// <summary>What a build says of what it made, as JSON and for people.</summary>
public sealed class BuildReportTests : IDisposable
{
    private readonly Workshop _workshop = new();

    public void Dispose() => _workshop.Dispose();

    [Fact]
    public void Report_LayersInFewerBitsAndLeftFloat_AreNamedWithTheReason()
    {
        Build("--report", _workshop["report.json"]);
        var variant = JsonNode.Parse(File.ReadAllText(_workshop["report.json"]))!["variants"]!.AsArray().Single(one => (string)one!["id"]! == "int4-weights")!;
        var layer = Assert.Single(variant["quantization"]!["layers"]!.AsArray())!;
        Assert.Equal(("h/MatMul", "MatMul", 4), ((string)layer["node"]!, (string)layer["op"]!, (int)layer["weightBits"]!));
        var left = Assert.Single(variant["quantization"]!["leftFloat"]!.AsArray())!;
        Assert.Equal(("y/MatMul", "256 weights are fewer than 4096"), ((string)left["node"]!, (string)left["reason"]!));
        Assert.Empty(variant["quantization"]!["ranges"]!.AsArray());
        Assert.All(variant["passes"]!.AsArray(), pass => Assert.True(TimeSpan.Parse((string)pass!["elapsed"]!, System.Globalization.CultureInfo.InvariantCulture) >= TimeSpan.Zero));
        foreach (var member in (string[])["quality", "latencies", "bytes", "peakMemoryBytes", "audit"]) Assert.NotNull(variant[member]);
        foreach (var member in (string[])["value", "low", "high", "samples"]) Assert.NotNull(variant["quality"]![member]);
    }

    [Fact]
    public void Report_Float_HasNoQuantization()
    {
        Build("--report", _workshop["report.json"]);
        Assert.Null(JsonNode.Parse(File.ReadAllText(_workshop["report.json"]))!["variants"]!.AsArray().Single(one => (string)one!["id"]! == "fp32")!["quantization"]);
    }

    [Fact]
    public void Build_ForPeople_ShowsTheLadderAndWhatStayedFloat()
    {
        var lines = Build().Output.Split('\n');
        var heading = Assert.Single(lines, line => line.StartsWith("variant  ", StringComparison.Ordinal));
        foreach (var column in (string[])["quality", "95 %", "of fp32", "size", "ms", "against fp32", "peak memory"]) Assert.Contains(column, heading);
        Assert.Matches(@"^fp32 +in the bundle +cosine 1\.0000 +1\.0000 to 1\.0000 +1\.0000 ", Assert.Single(lines, line => line.StartsWith("fp32  ", StringComparison.Ordinal)));
        Assert.Contains("int4-weights: 1 layers in fewer bits, 1 left float, 0 ranges found on samples", lines);
        Assert.Contains("  left float: MatMul 'y/MatMul': 256 weights are fewer than 4096", lines);
        Assert.Contains("int4-weights runs 1 MatMulNBits", lines);
    }

    // The speed of so small a net is chance: four bits may be refused for it, so it is set.
    private ProgramRun Build(params string[] more)
    {
        var model = _workshop.Write("model.onnx", new GraphSketch().Input("x", -1, 96).Random("w", -0.5, 0.5, 96, 64).Random("v", -0.5, 0.5, 64, 4).Node("MatMul", "x,w", "h").Node("MatMul", "h,v", "y").Output("y").Build());
        string[] variants = ["--variants", "fp32,int4-weights", "--max-drop", "0.1"];
        _workshop.Build(model, "first.bundle", variants).Expect(0);
        var path = _workshop["first.bundle.measured.json"];
        var document = JsonNode.Parse(File.ReadAllText(path))!;
        document["variants"]!["int4-weights"]!["comparison"] = new JsonObject { ["parentMilliseconds"] = 3, ["milliseconds"] = 2, ["speedup"] = 1.5, ["pairs"] = 9 };
        File.WriteAllText(path, document.ToJsonString());
        return _workshop.Build(model, "out.bundle", [.. variants, "--measured", path, .. more]).Expect(0);
    }
}
