using EdgeRuntime.Packaging.Tests.Support;
using EdgeRuntime.TestKit.Models;
using Xunit;
using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.Packaging.Tests.Commands;

public sealed class BuildRefusalTests : IDisposable
{
    private readonly Workshop _workshop = new();

    public void Dispose() => _workshop.Dispose();

    [Theory]
    [InlineData("--variants: 'int4' is none of", "--variants", "int4")]
    [InlineData("--variants: 'fp32' is given twice", "--variants", "fp32,fp32")]
    [InlineData("--target 'pdp-11' is neither a file nor one of", "--target", "pdp-11")]
    [InlineData("--metric 'bleu' is none of", "--metric", "bleu")]
    [InlineData("--evaluate goes with --metric", "--evaluate", "x.npz")]
    [InlineData("--metric top1 goes with --evaluate", "--metric", "top1")]
    [InlineData("--calibration-method 'kl' is none of mse, minmax, percentile, percentile:P (P of 50 to 100, else 99.99), entropy", "--calibration-method", "kl")]
    [InlineData("--calibration-method 'percentile:101' is none of", "--calibration-method", "percentile:101")]
    [InlineData("--calibration-method entropy goes with --calibration", "--calibration-method", "entropy")]
    [InlineData("--adaround goes with --calibration", "--adaround")]
    [InlineData("--postprocess 'top-k=0' is none of", "--postprocess", "top-k=0")]
    [InlineData("--max-drop 2 is outside 0 to 1", "--max-drop", "2")]
    [InlineData("--golden 0 is outside 1 to 16", "--golden", "0")]
    [InlineData("--stop-after: 'fuse' is none of", "--stop-after", "fuse")]
    [InlineData("--buckets: 'wide' is no size", "--buckets", "wide")]
    [InlineData("--sequence -1 is negative", "--sequence", "-1")]
    [InlineData("--image: resize is missing", "--image", "bgr")]
    [InlineData("Unrecognized command or argument '--colour'", "--colour")]
    public void Build_WrongUsage_NamesTheOption(string expected, params string[] more)
    {
        var run = _workshop.Build(Model(), "out.bundle", more).Expect(2);
        Assert.Contains("edge-packager: ", run.Errors);
        Assert.Contains(expected, run.Errors);
    }

    [Theory]
    [InlineData("1.2.3-rc.1")]
    [InlineData("1.2.3.4")]
    [InlineData("2026a")]
    public void Build_VersionWithoutOrder_WantsASequence(string version)
    {
        var run = Workshop.Run("build", Model(), "--name", "n", "--version", version, "--target", "x86-avx2", "--variants", "fp32", "--sign", _workshop.SigningKey, "-o", _workshop["o"]);
        Assert.Contains("give --sequence", run.Expect(2).Errors);
    }

    [Fact]
    public void Build_MissingModel_NamesIt() => Refused("absent.onnx: no such model", _workshop["absent.onnx"]);

    [Fact]
    public void Build_NotOnnx_SaysSo() => Refused("not an ONNX model", _workshop.Write("text.onnx", "text"));

    [Fact]
    public void Build_NaNWeights_NamesTheTensor()
    {
        var model = SmallModels.Edit(SmallModels.Plain(), model =>
        {
            model.Graph.Initializer.Add(SmallModels.Floats("bad", [1], [float.NaN]));
            model.Graph.Node.Add(new Onnx.NodeProto { OpType = "Identity", Input = { "bad" }, Output = { "unused" } });
        });
        Refused("variant 'fp32': pass check-weights: ", _workshop.Write("nan.onnx", model));
    }

    [Fact]
    public void Build_AnswersOfNaN_NamesTheOutput()
    {
        var model = SmallModels.Edit(SmallModels.Plain(), model =>
        {
            model.Graph.Node.Add(new Onnx.NodeProto { OpType = "Sub", Input = { "y", "y" }, Output = { "zero" } });
            model.Graph.Node.Add(new Onnx.NodeProto { OpType = "Div", Input = { "zero", "zero" }, Output = { "z" } });
            model.Graph.Output.Add(SmallModels.Value("z", DataType.Float, [-1, 4]));
        });
        Refused("the model's own output 'z' holds NaN", _workshop.Write("nan.onnx", model));
    }

    [Fact]
    public void Build_LabelsOfAnotherCount_NamesBoth() =>
        Refused("labels.txt holds 3 labels, the model's output 'y' has 4 classes", Model(), "--labels", _workshop.Write("labels.txt", "a\nb\nc\n"), "--postprocess", "top-k");

    [Fact]
    public void Build_CtcWithoutLabels_WantsThem()
    {
        Refused("ctc reads an output FP32 of at least 3 dimensions", Model(), "--postprocess", "ctc");
        var sequence = TestModels.Transformer(_workshop["steps"], layers: 1, width: 16, heads: 1);
        Refused("give them with --labels", sequence, "--postprocess", "ctc");
    }

    [Fact]
    public void Build_MissingKey_NamesIt() => Refused("absent.key: no such file", Model(), "--sign", _workshop["absent.key"]);

    [Fact]
    public void Build_ImageForModelWithoutImages_SaysWhatItTakes() => Refused("the model has 0 such inputs: x FP32[?,16]", Model(), "--image", "resize=8x8");

    [Fact]
    public void Build_ImageOfAnotherSize_NamesTheAxis()
    {
        var model = _workshop.Write("image.onnx", TestModels.Identity(1, -1, 3, 32, 32));
        Refused("the model takes x FP32[?,3,32,32]: axis 2 differs", model, "--image", "resize=48x32");
    }

    [Fact]
    public void Build_BucketsWithoutVaryingAxis_SaysSo() => Refused("the model has 0: x FP32[?,16]", Model(), "--buckets", "16,32");

    private string Model() => _workshop.Write("model.onnx", SmallModels.Plain());

    private void Refused(string expected, string model, params string[] more)
    {
        var run = _workshop.Build(model, "out.bundle", more).Expect(1);
        Assert.StartsWith("edge-packager: ", run.Errors);
        Assert.Contains(expected, run.Errors);
        Assert.False(File.Exists(_workshop["out.bundle"]));
    }
}
