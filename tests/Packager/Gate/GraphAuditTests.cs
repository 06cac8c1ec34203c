using EdgeRuntime.Packaging.Gate;
using EdgeRuntime.Packaging.Tests.Linting;
using EdgeRuntime.Packaging.Tests.Support;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Gate;

public sealed class GraphAuditTests
{
    [Fact]
    public void Of_IntegerOps_AreCounted()
    {
        var audit = Audit(new GraphSketch().Input("x", 1, 4).Node("DynamicQuantizeLinear", "x", "q,s,z").Node("MatMulInteger", "q,w,z", "i").Node("MatMulInteger", "q,w,z", "j").Node("Add", "i,j", "y").Output("y"));
        Assert.Equal([("DynamicQuantizeLinear", 1), ("MatMulInteger", 2)], audit.Operators.Select(op => (op.Key, op.Value)));
        Assert.Empty(audit.Unfused);
    }

    [Fact]
    public void Of_FloatInputBesideAQuantizedOne_IsTheReason() =>
        Reason("Add 'y/Add': its input 'z' is float while 'a' is quantized", new GraphSketch().Input("x", 4).Input("z", 4).Pair("x", "a").Node("Add", "a,z", "y").Output("y"));

    [Fact]
    public void Of_FloatReader_IsTheReason() =>
        Reason("Neg 'c/Neg': Exp 'y/Exp' reads its output as float", new GraphSketch().Input("x", 4).Pair("x", "a").Node("Neg", "a", "c").Node("Exp", "c", "y").Output("y"));

    [Fact]
    public void Of_GraphsOwnOutput_IsTheReason() =>
        Reason("Neg 'y/Neg': its output is the graph's, in float", new GraphSketch().Input("x", 4).Pair("x", "a").Node("Neg", "a", "y").Output("y"));

    [Fact]
    public void Of_SharedDequantizedValue_IsTheReason() =>
        Reason("Neg 'c/Neg': 'a' is dequantized for 2 readers at once", new GraphSketch().Input("x", 4).Pair("x", "a").Node("Neg", "a", "c").Node("Abs", "a", "d").Pair("c", "y").Pair("d", "z").Output("y").Output("z"));

    [Fact]
    public void Of_OpWithoutIntegerKernel_IsTheReason() =>
        Reason("Neg 'c/Neg': the CPU has no integer kernel of this form", new GraphSketch().Input("x", 4).Pair("x", "a").Node("Neg", "a", "c").Pair("c", "y").Output("y"));

    [Fact]
    public void Of_ModelOfAFile_IsWhatOnnxRuntimeMakesOfIt()
    {
        using var workshop = new Workshop();
        var path = workshop.Write("model.onnx", new GraphSketch().Input("x", 1, 16, 8, 8).Pair("x", "a", zero: 128).Weights("w", [16, 16, 3, 3], at => at % 60 - 30).Bias("b", 16)
            .Node("Conv", "a,w,b", "c").Pair("c", "y", zero: 128).Output("y").Build());
        var audit = GraphAudit.Of(path, workshop["audit"]);
        Assert.Equal(1, audit.Operators["QLinearConv"]);
        Assert.Empty(audit.Unfused);
    }

    private static void Reason(string expected, GraphSketch sketch) => Assert.Contains(expected, Audit(sketch).Unfused);

    private static AuditReport Audit(GraphSketch sketch) => GraphAudit.Of(Bits.Import(sketch.Build()));
}
