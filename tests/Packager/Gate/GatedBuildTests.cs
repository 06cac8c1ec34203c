using System.Text.Json.Nodes;
using EdgeRuntime.Packaging.Tests.Support;
using EdgeRuntime.TestKit.Processes;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Gate;

/// <summary>Builds whose variants are refused, and builds again from what was measured.</summary>
public sealed class GatedBuildTests : IDisposable
{
    private const string Dynamic = "int8-dynamic";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private readonly Workshop _workshop = new();

    public void Dispose() => _workshop.Dispose();

    [Fact]
    public void Build_TooSlow_IsLeftOutWithItsFiguresAndTheBuildGoesOn()
    {
        var run = Again(Measured(speedup: 0.5), "two.bundle");
        const string Reason = "variant 'int8-dynamic': 2.000 ms against fp32's 1.000 ms (one thread, median of 9 pairs) is 0.50 x its speed, below the 1.05 x that int8-dynamic must reach";
        Assert.Contains("not in the bundle: " + Reason, run.Output);
        Assert.Equal(["fp32"], Ids("two.bundle"));
        var refused = JsonNode.Parse(File.ReadAllText(_workshop["two.bundle.report.json"]))!["refused"]![0]!;
        Assert.Equal((Dynamic, Reason, 0.5), ((string)refused["id"]!, (string)refused["reason"]!, (double)refused["speed"]!["speedup"]!));
        Assert.True((long)refused["bytes"]! > 0);
    }

    [Fact]
    public void Build_FastEnoughByTheFile_IsInTheBundle()
    {
        Again(Measured(speedup: 1.5), "two.bundle");
        Assert.Equal(["fp32", Dynamic], Ids("two.bundle").Order());
    }

    [Fact]
    public void Build_TooWrong_IsLeftOutWithItsFiguresAndTheBuildGoesOn()
    {
        var run = _workshop.Build(_workshop.Write("model.onnx", Cancelling()), "out.bundle", "--variants", $"fp32,{Dynamic}").Expect(0);
        Assert.Matches(@"not in the bundle: variant 'int8-dynamic': cosine -?0\.\d{4} \(95 % -?0\.\d{4} to -?0\.\d{4}, 2 samples\) is -?0\.\d{4} of fp32, below the 0\.9900 that --max-drop 0\.01 asks for", run.Output);
        Assert.Equal(["fp32"], Ids("out.bundle"));
    }

    [Fact]
    public void Build_RefusedVariantsAgainFromTheFile_GivesTheSameBytesAndVerdicts()
    {
        var measured = Measured(speedup: 0.5);
        string one = Again(measured, "one-again.bundle").Output, two = Again(measured, "two-again.bundle").Output;
        Assert.Equal(File.ReadAllBytes(_workshop["one-again.bundle"]), File.ReadAllBytes(_workshop["two-again.bundle"]));
        Assert.Equal(Verdicts(one), Verdicts(two));
    }

    /// <summary>With all variants that are made here, on one core and on two: what is shared out among threads must not show.</summary>
    [Fact]
    public async Task Build_AnotherNumberOfThreads_GivesTheSameBytes()
    {
        var (model, data) = (_workshop.Write("net.onnx", Net()), _workshop.Write("data.npz", Samples()));
        string[] arguments = ["build", model, "--name", "test", "--version", "1.2.3", "--target", "x86-avx2", "--sign", _workshop.SigningKey, "--variants", $"fp32,fp16,int8,{Dynamic},int4-weights",
            "--calibration", data, "--evaluate", data, "--metric", "cosine", "--max-drop", "0.2"];
        Workshop.Run([.. arguments, "-o", _workshop["first.bundle"]]).Expect(0);
        var measured = _workshop["first.bundle.measured.json"];
        foreach (var threads in (string[])["1", "2", "3"])
        {
            var environment = new Dictionary<string, string> { ["DOTNET_PROCESSOR_COUNT"] = threads };
            var run = await ProcessRun.RunAsync(Path.Combine(AppContext.BaseDirectory, "edge-packager"), [.. arguments, "--measured", measured, "-o", _workshop[$"threads-{threads}.bundle"]], Deadline, environment);
            run.Expect();
            Assert.Equal(File.ReadAllBytes(_workshop["first.bundle"]), File.ReadAllBytes(_workshop[$"threads-{threads}.bundle"]));
        }
    }

    /// <summary>A file of measurements in which the variant has a speed of the test's choice.</summary>
    private string Measured(double speedup)
    {
        _workshop.Build(Model(), "one.bundle", "--variants", $"fp32,{Dynamic}").Expect(0);
        var path = _workshop["one.bundle.measured.json"];
        var document = JsonNode.Parse(File.ReadAllText(path))!;
        document["variants"]![Dynamic]!["comparison"] = new JsonObject { ["parentMilliseconds"] = 1, ["milliseconds"] = 1 / speedup, ["speedup"] = speedup, ["pairs"] = 9 };
        File.WriteAllText(path, document.ToJsonString());
        return path;
    }

    private ProgramRun Again(string measured, string bundle) =>
        _workshop.Build(Model(), bundle, "--variants", $"fp32,{Dynamic}", "--measured", measured, "--report", _workshop[bundle + ".report.json"]).Expect(0);

    private IReadOnlyList<string> Ids(string bundle)
    {
        using var opened = _workshop.Open(bundle);
        return [.. opened.Manifest.Variants.Select(variant => variant.Id)];
    }

    private static IEnumerable<string> Verdicts(string output) => output.Split('\n').Where(line => line.StartsWith("variant ", StringComparison.Ordinal) || line.StartsWith("not in ", StringComparison.Ordinal));

    private string Model() => _workshop.Write("model.onnx", new GraphSketch().Input("x", -1, 96).Random("w", -0.5, 0.5, 96, 64).Node("MatMul", "x,w", "y").Output("y").Build());

    // y = x (W + H) - x H: bytes whose steps reach to H's one large row hold nothing of W.
    private static byte[] Cancelling()
    {
        const int Depth = 96, Columns = 64;
        var random = new Packaging.Data.SplitMix(9);
        float[] large = [.. Enumerable.Range(0, Depth * Columns).Select(at => at < Columns ? 1000f : 0)], both = [.. large.Select(value => value + (float)(random.NextUnit() - 0.5))];
        return new GraphSketch().Input("x", -1, Depth).Floats("w", [Depth, Columns], both).Floats("h", [Depth, Columns], large)
            .Node("MatMul", "x,w", "a").Node("MatMul", "x,h", "b").Node("Sub", "a,b", "y").Output("y").Build();
    }

    private static byte[] Net() => new GraphSketch().Input("x", -1, 3, 10, 10).Random("w1", -0.5, 0.5, 16, 3, 3, 3).Random("b1", -0.5, 0.5, 16).Random("w2", -0.2, 0.2, 16, 16, 3, 3).Random("w3", -0.2, 0.2, 256, 32)
        .Node("Conv", "x,w1,b1", "a", ("pads", new long[] { 1, 1, 1, 1 })).Node("Relu", "a", "b").Node("Conv", "b,w2", "c").Node("MaxPool", "c", "p", ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 }))
        .Node("Flatten", "p", "f").Node("MatMul", "f,w3", "y").Output("y").Build();

    private static byte[] Samples()
    {
        var random = new Packaging.Data.SplitMix(5);
        return Bundles.Npz.Write([new Bundles.NamedArray("x", Bundles.ElementType.Float32, [24, 3, 10, 10], Bits.Of<float>([.. Enumerable.Range(0, 24 * 300).Select(_ => (float)(2 * random.NextUnit() - 1))]))]);
    }
}
