using System.Text.Json.Nodes;
using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Data;
using EdgeRuntime.Packaging.Tests.Support;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Commands;

/// <summary>What <c>build</c> makes of the samples that int8 finds its ranges on.</summary>
public sealed class CalibrationBuildTests : IDisposable
{
    private const int Rows = 12;
    private static readonly long[] Shape = [3, 10, 10];

    private readonly Workshop _workshop = new();

    public void Dispose() => _workshop.Dispose();

    [Theory]
    [InlineData("percentile", "percentile:99.99")]
    [InlineData("entropy", "entropy")]
    [InlineData(null, "mse")]
    public void Build_Explained_NamesHowRangesAreChosen(string? method, string shown)
    {
        var run = Build(Folder("x", Shape), ["--explain", .. method is null ? Array.Empty<string>() : ["--calibration-method", method]]).Expect(0);
        Assert.Contains(run.Output.Split('\n'), line => line.StartsWith("variant int8: ", StringComparison.Ordinal) && line.EndsWith($"; ranges by {shown}", StringComparison.Ordinal));
        Assert.Contains(run.Output.Split('\n'), line => line == "variant fp32: check-weights, fix-initializers, lift-constants");
    }

    /// <summary>What is tried is tried alike each time.</summary>
    [Fact]
    public void Build_AdaroundTwice_GivesTheSameWeights()
    {
        JsonNode Made()
        {
            Build(Folder("x", Shape), "--adaround", "--report", _workshop["report.json"]).Expect(0);
            var report = JsonNode.Parse(File.ReadAllText(_workshop["report.json"]))!;
            return report["variants"]!.AsArray().Concat(report["refused"]!.AsArray()).Single(variant => (string)variant!["id"]! == "int8")!["quantization"]!;
        }
        Assert.Equal(Made().ToJsonString(), Made().ToJsonString());
    }

    [Fact]
    public void Build_OtherMethod_ChoosesOtherRanges()
    {
        double Highest(string method)
        {
            Build(Folder("x", Shape), "--calibration-method", method, "--report", _workshop["report.json"]).Expect(0);
            var report = JsonNode.Parse(File.ReadAllText(_workshop["report.json"]))!;
            var made = report["variants"]!.AsArray().Concat(report["refused"]!.AsArray()).Single(variant => (string)variant!["id"]! == "int8")!;
            return made["quantization"]!["ranges"]!.AsArray().Max(range => (double)range!["high"]!);
        }
        Assert.True(Highest("percentile:90") < 0.9 * Highest("minmax"));
    }

    [Fact]
    public void Build_Int8WithoutSamples_IsWrongUsage() =>
        Assert.Contains("--variants fp32,int8 asks for int8, whose ranges are found on samples: give them with --calibration", _workshop.Build(Model(), "out.bundle", "--variants", "fp32,int8").Expect(2).Errors);

    [Fact]
    public void Build_SamplesOfAnotherInput_NamesBoth() => Refused("no array 'x', which the model takes; it has 'picture'", Folder("picture", Shape));

    [Fact]
    public void Build_SamplesOfAnotherShape_NamesBoth() => Refused("does not fit the model's input x FP32[?,3,10,10]", Folder("x", [3, 10, 11]));

    [Fact]
    public void Build_NaNInSamples_NamesItsPlace() => Refused("b.npz sample 1: input 'x' holds NaN at element 7 of [1,3,10,10]", Folder("x", Shape, notANumber: 300 + 7));

    [Fact]
    public void Build_EmptyFolder_NamesIt() => Refused("samples: holds neither labels.tsv with images nor any .npz", Directory.CreateDirectory(_workshop["samples"]).FullName);

    private void Refused(string expected, string samples)
    {
        var run = Build(samples).Expect(1);
        Assert.Contains(expected, run.Errors);
        Assert.False(File.Exists(_workshop["out.bundle"]));
    }

    private ProgramRun Build(string samples, params string[] more) => _workshop.Build(Model(), "out.bundle", ["--variants", "fp32,int8", "--calibration", samples, .. more]);

    private string Model() => _workshop.Write("net.onnx", new GraphSketch().Input("x", -1, 3, 10, 10).Random("w1", -0.5, 0.5, 16, 3, 3, 3).Random("w2", -0.2, 0.2, 16, 16, 3, 3)
        .Node("Conv", "x,w1", "a").Node("Relu", "a", "b").Node("Conv", "b,w2", "c").Node("Neg", "c", "y").Output("y").Build());

    private string Folder(string name, long[] shape, int? notANumber = null)
    {
        Directory.CreateDirectory(_workshop["samples"]);
        var random = new SplitMix(5);
        foreach (var file in (string[])["a.npz", "b.npz"])
        {
            float[] values = [.. Enumerable.Range(0, (int)(Rows * shape[0] * shape[1] * shape[2])).Select(_ => (float)(2 * random.NextUnit() - 1))];
            if (file == "b.npz" && notANumber is { } at) values[at] = float.NaN;
            _workshop.Write(Path.Combine("samples", file), Npz.Write([new NamedArray(name, ElementType.Float32, [Rows, .. shape], Bits.Of(values))]));
        }
        return _workshop["samples"];
    }
}
