using System.Text.Json;
using EdgeRuntime.Packaging.Tests.Linting;
using EdgeRuntime.Packaging.Tests.Support;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Commands;

public sealed class LintCommandTests : IDisposable
{
    private readonly Workshop _workshop = new();

    public void Dispose() => _workshop.Dispose();

    [Fact]
    public void Lint_SoundModel_SaysSo()
    {
        var run = Workshop.Run("lint", Model(weight: 60), "--target", "x86-avx2").Expect(0);
        Assert.EndsWith("1 layers in bytes, 0 errors and 0 warnings for target 'x86-avx2'\n", run.Output);
    }

    [Fact]
    public void Lint_Breach_NamesRuleNodeValueAndLimit()
    {
        var run = Workshop.Run("lint", Model(weight: 100), "--target", "x86-avx2").Expect(1);
        Assert.Matches(@"error +weight-saturation +MatMul 'p/MatMul' +a pair of 200, 4 of 4 outputs over the limit +128", run.Output);
        Workshop.Run("lint", Model(weight: 100), "--target", "x86-avx512-vnni").Expect(0);
    }

    [Fact]
    public void Lint_Json_PrintsTheSameForMachines()
    {
        var run = Workshop.Run("lint", Model(weight: 100), "--target", "x86-avx2", "--json").Expect(1);
        using var document = JsonDocument.Parse(run.Output);
        var finding = document.RootElement.GetProperty("findings")[0];
        Assert.Equal(("Error", "weight-saturation", "MatMul 'p/MatMul'"), (finding.GetProperty("severity").GetString(), finding.GetProperty("rule").GetString(), finding.GetProperty("node").GetString()));
        Assert.Equal((1, 0), (document.RootElement.GetProperty("errors").GetInt32(), document.RootElement.GetProperty("warnings").GetInt32()));
    }

    [Fact]
    public void Lint_FloatModel_OnlyWarns() => Assert.Contains("nothing-quantized", Workshop.Run("lint", _workshop.Write("model.onnx", SmallModels.Plain()), "--target", "x86-avx2").Expect(0).Output);

    [Fact]
    public void Lint_TargetOfAFile_IsRead()
    {
        var target = File.ReadAllText(Path.Combine(TestKit.RepositoryPaths.Root, "targets", "x86-avx512-vnni.json")).Replace("\"bias\": \"int32\"", "\"bias\": \"int32\", \"narrowRangeWeights\": true", StringComparison.Ordinal);
        Assert.Contains("weight-range", Workshop.Run("lint", Model(weight: -128), "--target", _workshop.Write("own.json", target)).Expect(1).Output);
    }

    [Fact]
    public void Lint_WrongUsage_IsSaid()
    {
        Assert.Contains("'pdp-11' is neither a file nor one of", Workshop.Run("lint", Model(weight: 1), "--target", "pdp-11").Expect(2).Errors);
        Workshop.Run("lint", Model(weight: 1)).Expect(2);
        Assert.Contains("no such model", Workshop.Run("lint", _workshop["absent.onnx"], "--target", "x86-avx2").Expect(1).Errors);
        Assert.Contains("not an ONNX model", Workshop.Run("lint", _workshop.Write("text.onnx", "text"), "--target", "x86-avx2").Expect(1).Errors);
    }

    private string Model(int weight) => _workshop.Write("model.onnx", new GraphSketch().Input("x", 2, 8).Pair("x", "a", zero: 128).Weights("w", [8, 4], _ => weight, axis: 1)
        .Node("MatMul", "a,w", "p").Pair("p", "y", zero: 128).Output("y").Build());
}
