using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Data;
using EdgeRuntime.Packaging.Tests.Support;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Data;

public sealed class NumberedDataTests
{
    [Theory]
    [InlineData(ElementType.Float32)]
    [InlineData(ElementType.Float64)]
    [InlineData(ElementType.Float16)]
    public void Read_NaN_NamesSampleInputAndPlace(ElementType type)
    {
        var data = new NumberedData(new Fixed(new NamedArray("x", type, [1, 3], type switch
        {
            ElementType.Float32 => Bits.Of(1f, 2f, float.NaN),
            ElementType.Float64 => Bits.Of(1d, 2d, double.NaN),
            _ => Bits.Of((Half)1, (Half)2, Half.NaN),
        })));
        using var reader = data.OpenReader();
        Assert.Equal("sample 7: input 'x' holds NaN at element 2 of [1,3]", Assert.Throws<PackagerException>(() => reader.Read(7)).Message);
    }

    [Fact]
    public void Read_NumbersAndInfinity_AreHandedOn()
    {
        var data = new NumberedData(new Fixed(new NamedArray("x", ElementType.Float32, [1, 2], Bits.Of(1f, float.PositiveInfinity))));
        using var reader = data.OpenReader();
        Assert.Equal("sample 0", reader.Read(0).Name);
        Assert.Equal(9, data.Count);
    }

    [Theory]
    [InlineData("--evaluate")]
    [InlineData("--calibration")]
    public void Build_NaNInData_NamesIt(string option)
    {
        using var workshop = new Workshop();
        var numbers = new float[32];
        numbers[20] = float.NaN;
        workshop.Write("data.npz", Npz.Write([new NamedArray("x", ElementType.Float32, [2, 16], Bits.Of(numbers))]));
        string[] more = option == "--evaluate" ? ["--evaluate", workshop["data.npz"], "--metric", "cosine"] : ["--calibration", workshop["data.npz"], "--variants", "fp32,int8"];
        var run = workshop.Build(workshop.Write("model.onnx", Net()), "out.bundle", more).Expect(1);
        Assert.Contains("data.npz sample 1: input 'x' holds NaN at element 4 of [1,16]", run.Errors);
        Assert.False(File.Exists(workshop["out.bundle"]));
    }

    // Something that int8 looks at samples for.
    private static byte[] Net() => new GraphSketch().Input("x", -1, 16).Longs("shape", -1, 1, 4, 4).Random("w", -1, 1, 4, 1, 3, 3).Node("Reshape", "x,shape", "r").Node("Conv", "r,w", "c").Node("Neg", "c", "y").Output("y").Build();

    private sealed class Fixed(NamedArray input) : IEvaluationData, ISampleReader
    {
        public int Count => 9;

        public ISampleReader OpenReader() => this;

        public Sample Read(int index) => new($"sample {index}", [input], default);

        public void Dispose()
        {
        }
    }
}
