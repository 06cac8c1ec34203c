using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Packaging.Packing;
using EdgeRuntime.Packaging.Tests.Support;
using EdgeRuntime.TestKit.Images;
using Xunit;
using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.Packaging.Tests.Packing;

public sealed class PackingTests
{
    [Fact]
    public void GoldenLimits_ExactVariant_StillAllowsOtherKernels()
    {
        var (cosine, absolute) = GoldenLimits.Of(new GoldenAgreement(1, 0), range: 2, [Target.Load("x86-avx2")]);
        Assert.Equal((0.9999, 0.01), (cosine, absolute));
    }

    [Fact]
    public void GoldenLimits_VariantThatIsOff_AllowsSomeTimesThat()
    {
        var (cosine, absolute) = GoldenLimits.Of(new GoldenAgreement(0.999, 0.1), range: 2, [Target.Load("x86-avx2")]);
        Assert.Equal((0.992, 0.8), (cosine, absolute));
    }

    [Fact]
    public void GoldenLimits_Accelerator_AllowsMore()
    {
        var onCpu = GoldenLimits.Of(new GoldenAgreement(1, 0), range: 1, [Target.Load("arm64-generic")]);
        var onGpu = GoldenLimits.Of(new GoldenAgreement(1, 0), range: 1, [Target.Load("arm64-generic"), Target.Load("jetson-orin-nano")]);
        Assert.True(onGpu.MinCosine < onCpu.MinCosine && onGpu.MaxAbsolute > onCpu.MaxAbsolute);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void Build_TopK_AsksForSoftmaxOnlyWhereTheModelHasNone(bool modelHasIt, bool expected)
    {
        using var workshop = new Workshop();
        var model = modelHasIt ? WithSoftmax() : SmallModels.Plain();
        workshop.Build(workshop.Write("model.onnx", model), "out.bundle", "--postprocess", "top-k=3").Expect(0);
        using var bundle = workshop.Open();
        var step = Assert.Single(bundle.Manifest.Postprocessing, step => step.Kind == PostprocessStep.TopK);
        Assert.Equal((3, expected, (string?)null), (step.K, step.Softmax, step.Labels));
    }

    [Fact]
    public void Build_GoldenOfImages_AreTheTensorsOfTheFirstImages()
    {
        using var workshop = new Workshop();
        Directory.CreateDirectory(workshop["images"]);
        workshop.Write("images/a.png", Png.Encode(8, 8, new byte[8 * 8 * 3]));
        workshop.Write("images/labels.tsv", "a.png\t0\n");
        var model = workshop.Write("model.onnx", TestKit.Models.TestModels.SmallCnn());
        workshop.Build(model, "out.bundle", "--image", "resize=16x16,mean=1,std=0.5", "--evaluate", workshop["images"], "--metric", "cosine").Expect(0);
        using var bundle = workshop.Open();
        var golden = Assert.Single(bundle.Manifest.Golden);
        var input = Assert.Single(Npz.Read(new MemoryStream(bundle.ReadEntry(golden.Inputs, new ByteCount(1 << 20))), new ByteCount(1 << 20)));
        Assert.Equal([1, 3, 16, 16], input.Shape);
        Assert.Equal(-2f, BitConverter.ToSingle(input.Data));
    }

    [Fact]
    public void Build_BrokenImage_NamesTheFile()
    {
        using var workshop = new Workshop();
        Directory.CreateDirectory(workshop["images"]);
        workshop.Write("images/a.png", "no image");
        workshop.Write("images/labels.tsv", "a.png\t0\n");
        var model = workshop.Write("model.onnx", TestKit.Models.TestModels.SmallCnn());
        Assert.Contains("images/a.png: ", workshop.Build(model, "out.bundle", "--image", "resize=16x16", "--evaluate", workshop["images"], "--metric", "cosine").Expect(1).Errors);
    }

    private static byte[] WithSoftmax() => SmallModels.Edit(SmallModels.Plain(), model =>
    {
        model.Graph.Node.Add(new Onnx.NodeProto { OpType = "Softmax", Name = "softmax", Input = { "y" }, Output = { "p" } });
        model.Graph.Output.Clear();
        model.Graph.Output.Add(SmallModels.Value("p", DataType.Float, [-1, 4]));
    });
}
