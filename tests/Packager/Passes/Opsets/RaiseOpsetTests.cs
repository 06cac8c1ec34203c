using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Onnx;
using EdgeRuntime.Packaging.Passes;
using EdgeRuntime.Packaging.Passes.Opsets;
using EdgeRuntime.Packaging.Tests.Support;
using EdgeRuntime.TestKit;
using Xunit;
using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.Packaging.Tests.Passes.Opsets;

public sealed class RaiseOpsetTests
{
    private static readonly (string Name, long Opset, Func<GraphSketch, GraphSketch> Nodes, string Reason)[] Refused =
    [
        ("Resize of unknown scales", 10, graph => graph.Input("scales", 4).Node("Resize", "x,scales", "y"), "Resize 'y/Resize' cannot be brought from opset 10 to 11: its scales 'scales' are not known"),
        ("Resize both ways", 10, graph => graph.Floats("scales", [4], 1, 1, 2, 0.5f).Node("Resize", "x,scales", "y"), "it enlarges and makes smaller"),
        ("mask that is read", 10, graph => graph.Node("Dropout", "x", "y,mask").Output("mask", DataType.Bool), "Dropout 'y/Dropout' cannot be brought from opset 10 to 12: its mask 'mask' is read"),
        ("mask of a subgraph", 10, graph => graph.Input("c", DataType.Bool).Node("Dropout", "x", "y,mask").Node("If", "c", "m", ("then_branch", Mask("a")), ("else_branch", Mask("b"))).Output("m", DataType.Bool), "its mask 'mask' is read"),
        ("BatchNormalization of elements", 7, graph => graph.Random("p", 0.5, 2, 2, 3, 4).Node("BatchNormalization", "x,p,p,p,p", "y", ("spatial", 0)), "BatchNormalization 'y/BatchNormalization' cannot be brought from opset 7 to 9: it has statistics of each element"),
        ("op of no opset", 9, graph => graph.Node("ImageScaler", "x", "y", ("scale", 2f), ("bias", new float[] { 0, 1 })), "ImageScaler 'y/ImageScaler' is no known op of opset 9 to 13"),
        ("Clip of an unknown type", 9, graph => graph.Input("c", DataType.Bool).Node("If", "c", "z", ("then_branch", Unknown("a")), ("else_branch", Unknown("b"))).Output("z").Node("Neg", "x", "y"), "the type of 'l' is not known, and its max has to be of that type"),
    ];

    public static TheoryData<string> Names => [.. OpsetCases.All.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Apply_NodeOfAnOldOpset_AnswersTheSameBits(string name)
    {
        var one = OpsetCases.All.Single(one => one.Name == name);
        var (after, said) = Rewrites.Check(one.Nodes(new GraphSketch().Input("x", one.Shape)).Output("y").Build(one.Opset), 0, new RaiseOpset());
        Assert.StartsWith($"opset {one.Opset} became 13, rewritten: 1 ", said);
        Assert.Equal(13, after.Opset);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Apply_NodeInASubgraph_AnswersTheSameBits(string name)
    {
        var one = OpsetCases.All.Single(one => one.Name == name);
        var (after, said) = Rewrites.Check(new GraphSketch().Input("x", one.Shape).InBranches(one.Nodes).Build(one.Opset), 0, new RaiseOpset());
        Assert.StartsWith($"opset {one.Opset} became 13, rewritten: 2 ", said);
        Assert.Equal(13, after.Opset);
    }

    [Fact]
    public void Cases_OfAllConverters_AreThere() =>
        Assert.Empty(OpsetChanges.Rewritten.Except(OpsetCases.All.Select(one => one.Name.Split(',', ' ')[0])).Except(["Scan"]));

    [Theory]
    [InlineData("Softmax, last axis", "Softmax")]
    [InlineData("Softmax, ones behind the axis", "Softmax")]
    [InlineData("Softmax, axis that is not given", "Shape,Flatten,Softmax,Reshape")]
    [InlineData("Upsample, nearest", "Resize")]
    public void Apply_KnownRank_TakesTheSmallestForm(string name, string ops)
    {
        var one = OpsetCases.All.Single(one => one.Name == name);
        var model = Bits.Import(one.Nodes(new GraphSketch().Input("x", one.Shape)).Output("y").Build(one.Opset));
        new RaiseOpset().Apply(model);
        Assert.Equal(ops, string.Join(',', Rewrites.Ops(model)));
    }

    [Fact]
    public void Apply_Opset13_IsLeftAlone() => Assert.Null(new RaiseOpset().Apply(Bits.Import(new GraphSketch().Input("x", 2, 3).Node("Softmax", "x", "y").Output("y").Build(13))));

    [Fact]
    public void Apply_PadOfFloat64_PadsWithThatType()
    {
        var sketch = new GraphSketch().Input("x", DataType.Double, 2, 3).Node("Pad", "x", "y", ("pads", new long[] { 0, 1, 0, 1 }), ("value", 0.5f)).Output("y", DataType.Double);
        Assert.Equal(13, Rewrites.Check(sketch.Build(9), 0, new RaiseOpset()).After.Opset);
    }

    [Fact]
    public void Apply_Ir3_KeepsItsInputs()
    {
        var model = Bits.Import(SmallModels.Opset9());
        Assert.Equal("opset 9 became 13", new RaiseOpset().Apply(model));
        Assert.Equal((3, 5), (model.Proto.IrVersion, model.Graph.Input.Count));
        new FixInitializers().Apply(model);
        Assert.Single(model.Graph.Input);
    }

    [Fact]
    public void Apply_ConstantNodes_AreKnownScales()
    {
        var sketch = new GraphSketch().Input("x", -1, 2, 6, 4)
            .Node("Constant", "", "scales", ("value", SmallModels.Floats("", [4], [1, 1, 0.5f, 0.5f]))).Node("Resize", "x,scales", "y").Output("y");
        Assert.Equal(13, Rewrites.Check(sketch.Build(10), 0, new RaiseOpset()).After.Opset);
    }

    [Fact]
    public void Apply_RealModels_AnswerTheSameBits()
    {
        foreach (var name in new[] { "ch_PP-OCRv4_det_infer.onnx", "ch_PP-OCRv4_rec_infer.onnx" })
        {
            var bytes = File.ReadAllBytes(Path.Combine(RepositoryPaths.OcrModels, name));
            var (after, said) = Rewrites.Check(bytes, 0, new LiftConstants(), new RaiseOpset());
            Assert.Contains("became 13", said);
            Assert.Equal(13, after.Opset);
        }
    }

    public static TheoryData<string> Refusals => [.. Refused.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Apply_NodeWithNoLaterForm_LeavesTheWholeModel(string name)
    {
        var (_, opset, nodes, reason) = Refused.Single(one => one.Name == name);
        var model = Bits.Import(nodes(new GraphSketch().Input("x", 1, 2, 3, 4).Node("Unsqueeze", "x", "before", ("axes", new long[] { 0 })).Output("before")).Output("y").Build(opset));
        var before = model.Proto.Clone();
        var said = new RaiseOpset().Apply(model);
        Assert.StartsWith($"nothing done, opset {opset} stays: ", said);
        Assert.Contains(reason, said);
        Assert.Equal(before, model.Proto);
    }

    [Fact]
    public void Apply_FunctionsOfTheModel_LeaveIt()
    {
        var model = Bits.Import(SmallModels.Edit(SmallModels.Plain(), model => model.OpsetImport[0].Version = 11));
        model.Proto.Functions.Add(new FunctionProto { Name = "f" });
        Assert.Contains("the model defines 1 functions", new RaiseOpset().Apply(model));
    }

    private static GraphProto Mask(string output) => new GraphSketch().Node("Not", "mask", output).Output(output, DataType.Bool).Graph;

    private static GraphProto Unknown(string output) => new GraphSketch().Longs("depth", 3).Floats("v", [2], 0, 1).Longs("i", 1).Node("OneHot", "i,depth,v", "l").Node("Clip", "l", output, ("max", 1f)).Output(output).Graph;
}
