using EdgeRuntime.Packaging.Passes;
using EdgeRuntime.Packaging.Passes.Integers;
using EdgeRuntime.Packaging.Tests.Support;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Passes;

public sealed class QuantizationReportTests
{
    [Fact]
    public void Of_LayerThatALaterPassTook_IsNotLeftFloat()
    {
        QuantizationReport first = new() { Layers = [new("conv", "Conv", 8)], LeftFloat = [new("mul", "MatMul", "is no Conv"), new("exp", "Exp", "has no kernel")] };
        QuantizationReport second = new() { Layers = [new("mul", "MatMul", 7, 3)], LeftFloat = [new("exp", "Exp", "is no MatMul")], Ranges = [new("y", -1, 1, -1, 1, 2 / 255.0, 128), new("x", 0, 1, 0, 1, 1 / 255.0, 0)] };
        var both = QuantizationReport.Of([first, second])!;
        Assert.Equal(["conv", "mul"], both.Layers.Select(layer => layer.Node));
        Assert.Equal(["Exp 'exp': has no kernel"], both.LeftFloat.Select(layer => layer.ToString()));
        Assert.Equal(["x", "y"], both.Ranges.Select(range => range.Value));
        Assert.Null(QuantizationReport.Of([]));
    }

    [Fact]
    public void DynamicBytes_PairsMustFit_TellsOfLayersColumnsAndReasons()
    {
        var pass = new DynamicBytes(pairsMustFit: true);
        Assert.Null(pass.Quantization);
        pass.Apply(Bits.Import(new GraphSketch().Input("x", 1, 96).Random("w", -1, 1, 96, 64).Random("v", -1, 1, 64, 4).Node("MatMul", "x,w", "h").Node("MatMul", "h,v", "y").Output("y").Build()));
        Assert.Equal([new ReportedLayer("h/MatMul", "MatMul", 7, 64)], pass.Quantization!.Layers); // random columns hold some pair over the limit
        Assert.Equal(["MatMul 'y/MatMul': 256 weights are fewer than 4096"], pass.Quantization.LeftFloat.Select(layer => layer.ToString()));
    }

    [Fact]
    public void DynamicBytes_NothingToDo_StillTellsWhy()
    {
        var pass = new DynamicBytes(pairsMustFit: false, isOptional: true);
        Assert.Null(pass.Apply(Bits.Import(SmallModels.Plain())));
        Assert.NotEmpty(pass.Quantization!.LeftFloat);
        Assert.Empty(pass.Quantization.Layers);
    }
}
