using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Passes;
using EdgeRuntime.Packaging.Tests.Support;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Models;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Import;

/// <summary>A model that was imported, passed through what every variant passes through, and exported answers bit for bit as before.</summary>
public sealed class RoundTripTests
{
    private const int Samples = 8;
    private static readonly IPass[] Common = [new CheckWeights(), new FixInitializers(), new LiftConstants()];

    public static TheoryData<string> Models => ["plain", "constant-nodes", "opset-9", "branches", "convolutions", "cancelling"];

    [Theory]
    [MemberData(nameof(Models))]
    public void Export_OfImported_AnswersBitForBit(string name)
    {
        using var workshop = new Workshop();
        var path = workshop.Write("model.onnx", Model(name));
        var model = ModelImporter.Load(path);
        PassPipeline.Apply(model, Common, stopAfter: null, TimeProvider.System);
        RequireSame(path, Bits.Export(model, workshop["variant"]));
    }

    [Fact]
    public void Export_OfExternalData_AnswersBitForBit()
    {
        using var workshop = new Workshop();
        var path = TestModels.Transformer(workshop["source"], layers: 1, width: 64, heads: 4);
        var exported = Bits.Export(ModelImporter.Load(path), workshop["variant"]);
        Assert.True(File.Exists(workshop["variant", "weights.bin"]));
        RequireSame(path, exported);
    }

    [Fact]
    public void Export_OfRealModel_AnswersBitForBit()
    {
        using var workshop = new Workshop();
        var path = Path.Combine(RepositoryPaths.OcrModels, "ch_ppocr_mobile_v2.0_cls_infer.onnx");
        var model = ModelImporter.Load(path);
        PassPipeline.Apply(model, Common, stopAfter: null, TimeProvider.System);
        RequireSame(path, Bits.Export(model, workshop["variant"]));
    }

    [Fact]
    public void Branches_OfTheSamplesUsedHere_AreBothTaken()
    {
        using var workshop = new Workshop();
        var path = workshop.Write("model.onnx", SmallModels.Branches());
        Assert.Equal(2, Enumerable.Range(0, Samples).Select(sample => Bits.Answer(path, sample)[1].Data[0]).Distinct().Count());
    }

    private static void RequireSame(string before, string after)
    {
        for (var sample = 0; sample < Samples; sample++)
            foreach (var (expected, actual) in Bits.Answer(before, sample).Zip(Bits.Answer(after, sample)))
            {
                Assert.Equal(expected.Shape, actual.Shape);
                Assert.True(expected.Data.AsSpan().SequenceEqual(actual.Data), $"output '{expected.Name}' of sample {sample} differs");
            }
    }

    private static byte[] Model(string name) => name switch
    {
        "plain" => SmallModels.Plain(),
        "constant-nodes" => SmallModels.ConstantNodes(),
        "opset-9" => SmallModels.Opset9(),
        "branches" => SmallModels.Branches(),
        "convolutions" => TestModels.SmallCnn(),
        _ => SmallModels.Cancelling(),
    };
}
