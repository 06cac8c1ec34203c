using EdgeRuntime.Inference;
using EdgeRuntime.Packaging.Images;
using EdgeRuntime.Packaging.Tests.Support;
using EdgeRuntime.TestKit.Images;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Images;

/// <summary>The graph is run by the library that runs it on devices, on images whose pixels are known.</summary>
public sealed class ImageGraphTests
{
    // x * (1 / (255 s)) - m / s in float32 is off by a few units of 2^-24 times 1 / s.
    private const double Tolerance = 1e-5;

    [Theory]
    [InlineData("bgr", new[] { 30, 20, 10 })]
    [InlineData("rgb", new[] { 10, 20, 30 })]
    public void Run_ColourOrder_PutsChannelsInThatOrder(string order, int[] expected)
    {
        var (shape, values) = Run($"resize=2x2,{order}", Uniform(4, 4, 10, 20, 30));
        Assert.Equal([1, 3, 2, 2], shape);
        for (var channel = 0; channel < 3; channel++) Assert.Equal(expected[channel] / 255.0, values[channel * 4], Tolerance);
    }

    [Fact]
    public void Run_MeanAndDeviation_AreOfTheirChannel()
    {
        var (_, values) = Run("resize=1x1,rgb,mean=0.1|0.2|0.3,std=0.5|0.25|0.2", Uniform(1, 1, 51, 102, 153));
        Assert.Equal((0.2 - 0.1) / 0.5, values[0], Tolerance);
        Assert.Equal((0.4 - 0.2) / 0.25, values[1], Tolerance);
        Assert.Equal((0.6 - 0.3) / 0.2, values[2], Tolerance);
    }

    [Fact]
    public void Run_ChannelsLast_InterleavesThem()
    {
        var (shape, values) = Run("resize=1x2,rgb,nhwc", Uniform(2, 1, 51, 102, 153));
        Assert.Equal([1, 1, 2, 3], shape);
        Assert.Equal(0.4, values[4], Tolerance);
    }

    [Fact]
    public void Run_Halved_IsTheMeanOfNeighbours()
    {
        byte[] pixels = [0, 0, 0, 100, 100, 100, 200, 200, 200, 40, 40, 40];
        var (_, values) = Run("resize=1x2,rgb", Png.Encode(4, 1, pixels));
        Assert.Equal(50 / 255.0, values[0], Tolerance);
        Assert.Equal(120 / 255.0, values[1], Tolerance);
    }

    [Theory]
    [InlineData(257, 46, 269)] // ceil(48 * 257 / 46) = ceil(268.17)
    [InlineData(96, 48, 96)] // exact: nothing to round up
    [InlineData(1, 48, 16)] // the least width
    [InlineData(400, 4, 3200)] // the most
    public void Run_WidthByAspect_IsRoundedUpWithinBounds(int width, int height, int expected) =>
        Assert.Equal([1, 3, 48, expected], Run("resize=48xW", Uniform(width, height, 1, 2, 3)).Shape);

    [Fact]
    public void Build_SameSpec_GivesSameBytes()
    {
        var spec = ImageOption.Parse("resize=48xW,bgr,mean=0.5,std=0.5");
        Assert.Equal(ImageGraph.Build(spec), ImageGraph.Build(spec));
    }

    private static (long[] Shape, float[] Values) Run(string option, byte[] image)
    {
        using var workshop = new Workshop();
        using var images = ImagePreprocessor.Open(workshop.Write("model.onnx", ImageGraph.Build(ImageOption.Parse(option))));
        var tensor = images.Run(image);
        return (tensor.Shape.ToArray(), tensor.As<float>().ToArray());
    }

    private static byte[] Uniform(int width, int height, byte red, byte green, byte blue) =>
        Png.Encode(width, height, [.. Enumerable.Range(0, width * height).SelectMany(_ => new[] { red, green, blue })]);
}
