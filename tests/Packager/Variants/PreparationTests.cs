using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Passes;
using EdgeRuntime.Packaging.Passes.Opsets;
using EdgeRuntime.Packaging.Passes.Rewriting;
using EdgeRuntime.Packaging.Passes.Simplifying;
using EdgeRuntime.Packaging.Tests.Support;
using EdgeRuntime.Packaging.Variants;
using EdgeRuntime.TestKit;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Variants;

/// <summary>What is done to real models before they are quantized: weights in Constant nodes, opset 9 to 11, shapes computed of dynamic sizes.</summary>
public sealed class PreparationTests
{
    /// <summary>Folded scales round once more, to 2^-24 of a product, in each of a few dozen layers of some dozen terms that matter; answers are probabilities.</summary>
    private const double Folded = 64 * 64 / 16777216.0;

    public static TheoryData<string> RealModels => ["ch_PP-OCRv4_det_infer.onnx", "ch_PP-OCRv4_rec_infer.onnx"];

    [Theory]
    [MemberData(nameof(RealModels))]
    public void Passes_BeforeTheFolds_ChangeNoBit(string name)
    {
        var (after, said) = Rewrites.Check(Read(name), 0, new FixInitializers(), new LiftConstants(), new RaiseOpset(), new FoldConstants(), new RewritePass("no-ops", [new NoOps()], needsFacts: true));
        Assert.Equal(RaiseOpset.Wanted, after.Opset);
        if (name.Contains("rec", StringComparison.Ordinal)) Assert.Contains("values are computed once", said);
    }

    [Theory]
    [MemberData(nameof(RealModels))]
    public void Preparation_RealModel_ChangesRoundingOnly(string name)
    {
        using var workshop = new Workshop();
        var model = Bits.Import(Read(name));
        PassPipeline.Apply(model, [new FixInitializers(), new LiftConstants(), .. VariantLadder.Preparation], null, TimeProvider.System);
        var after = Bits.Export(model, workshop["after"]);
        var agreement = Bits.Agreement(Assert.Single(Bits.Answer(Path.Combine(RepositoryPaths.OcrModels, name))), Assert.Single(Bits.Answer(after)));
        Assert.InRange(agreement.Absolute, 0, Folded);
    }

    [Fact]
    public void Preparation_Branches_AnswerAlike() =>
        Rewrites.Check(SmallModels.Edit(SmallModels.Branches(), model => model.OpsetImport[0].Version = 12), 0, [new LiftConstants(), .. VariantLadder.Preparation]);

    [Fact]
    public void Of_Fp32_HasNoneOfThePasses()
    {
        var passes = Assert.Single(VariantLadder.Of([VariantLadder.Fp32], [Target.Load("x86-avx2")])).Passes;
        Assert.Equal(["check-weights", "fix-initializers", "lift-constants"], passes.Select(pass => pass.Name));
    }

    [Fact]
    public void Of_Int8Dynamic_RaisesWhatHasNoSuchOp()
    {
        var passes = Assert.Single(VariantLadder.Of([VariantLadder.Int8Dynamic], [Target.Load("x86-avx2")])).Passes;
        var sketch = new GraphSketch().Input("x", -1, 64).Random("w", -1, 1, 64, 64).Node("MatMul", "x,w", "y").Output("y");
        var model = Bits.Import(sketch.Build(9));
        foreach (var pass in passes) pass.Apply(model);
        Assert.Contains("DynamicQuantizeLinear", Rewrites.Ops(model));
        Assert.Equal(RaiseOpset.Wanted, model.Opset);
    }

    [Fact]
    public void PassNames_OfTheLadder_AreUnique()
    {
        Assert.Distinct(VariantLadder.PassNames);
        Assert.Superset(new HashSet<string> { "raise-opset", "fold-constants", "no-ops", "fold-affine", "drop-dead" }, VariantLadder.PassNames.ToHashSet());
    }

    private static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(RepositoryPaths.OcrModels, name));
}
