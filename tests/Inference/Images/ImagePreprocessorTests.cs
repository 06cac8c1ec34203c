using System.Buffers.Binary;
using EdgeRuntime.Bundles;
using EdgeRuntime.TestKit.Images;
using EdgeRuntime.TestKit.Models;
using Xunit;

namespace EdgeRuntime.Inference.Tests.Images;

public sealed class ImagePreprocessorTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ImagePreprocessor _images;

    public ImagePreprocessorTests()
    {
        File.WriteAllBytes(_folder["model.onnx"], TestModels.DecodeImage());
        _images = ImagePreprocessor.Open(_folder["model.onnx"]);
    }

    public void Dispose()
    {
        _images.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Run_Jpeg_GivesItsPixels()
    {
        byte[] jpeg = TextLines.Image(0);
        var header = EdgeRuntime.Inference.Images.ImageHeader.Read(jpeg)!.Value;
        var pixels = _images.Run(jpeg);
        Assert.Equal(ElementType.UInt8, pixels.Type);
        Assert.Equal([header.Height, header.Width, 3], pixels.Shape);
        Assert.True(pixels.Data.ToArray().Distinct().Count() > 16, "a photograph has more than a few shades");
    }

    [Fact]
    public void Run_Png_GivesItsPixels()
    {
        var pixels = _images.Run(Png.Encode(2, 1, [10, 20, 30, 40, 50, 60]));
        Assert.Equal([1, 2, 3], pixels.Shape);
        Assert.Equal(new byte[] { 30, 20, 10, 60, 50, 40 }, pixels.Data);
    }

    [Fact]
    public void Run_HeaderStatesTooManyPixels_IsRefusedBeforeDecoding()
    {
        byte[] png = Png.Encode(2, 1, [10, 20, 30, 40, 50, 60]);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(16), 60_000);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(20), 60_000);
        Assert.Equal("the image (PNG) states 60000 x 60000 pixels, over the limit of 64000000 and 65535 a side", Refusal(png));
    }

    [Theory]
    [InlineData(28, 1, "the image is an interlaced PNG, which is not supported")]
    [InlineData(25, 0, "the image is greyscale of 4 bits; 8 is the least that is supported")]
    public void Run_PngThatWouldBeDecodedWrongly_IsRefused(int offset, byte value, string expected)
    {
        byte[] png = Png.Encode(2, 1, [10, 20, 30, 40, 50, 60]);
        png[24] = value == 0 ? (byte)4 : png[24];
        png[offset] = value;
        Assert.Equal(expected, Refusal(png));
    }

    [Fact]
    public void Run_LimitSetLower_IsTheLimit()
    {
        using var strict = ImagePreprocessor.Open(_folder["model.onnx"], new ImageLimits { Pixels = 1 });
        byte[] png = Png.Encode(2, 1, [10, 20, 30, 40, 50, 60]);
        Assert.Contains("over the limit of 1 ", Assert.Throws<InferenceException>(() => strict.Run(png).Type).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(20)]
    public void Run_CutInHeader_IsRefused(int length) =>
        Assert.Equal("the image is no JPEG or PNG, or ends before it states its size", Refusal(TextLines.Image(0)[..length]));

    [Fact]
    public void Run_OtherFormat_IsRefused() => Assert.StartsWith("the image is no JPEG or PNG", Refusal("GIF89a and so on and on"u8.ToArray()), StringComparison.Ordinal);

    [Fact]
    public void Run_JpegWithoutPixels_IsRefusedAndTheNextIsDecoded()
    {
        byte[] jpeg = TextLines.Image(1);
        _ = Refusal(jpeg[..300]);
        Assert.Equal(3, _images.Run(jpeg).Shape[2]);
    }

    [Fact]
    public void Run_BytesDamaged_EndsInPixelsOrARefusal()
    {
        const int Seed = 20261123;
        var random = new Random(Seed);
        int cases = Environment.GetEnvironmentVariable("EDGE_FULL") == "1" ? 200_000 : 2_000, refused = 0;
        for (int i = 0; i < cases; i++)
        {
            byte[] image = i % 2 == 0 ? TextLines.Image(random.Next(TextLines.Count)) : Png.Encode(3, 2, [.. Enumerable.Range(0, 18).Select(value => (byte)value)]);
            for (int flips = random.Next(1, 8); flips > 0; flips--) image[random.Next(image.Length)] = (byte)random.Next(256);
            try
            {
                _ = _images.Run(image.AsSpan(0, random.Next(image.Length + 1)));
            }
            catch (InferenceException e)
            {
                Assert.True(e.Error == InferenceError.ImageRefused, $"seed {Seed} case {i}: {e.Message}");
                refused++;
            }
        }
        Assert.InRange(refused, cases / 10, cases);
    }

    [Fact]
    public void Fork_FirstIsDisposed_OtherStillRuns()
    {
        var first = ImagePreprocessor.Open(_folder["model.onnx"]);
        using var second = first.Fork();
        first.Dispose();
        Assert.Equal(3, second.Run(TextLines.Image(0)).Shape[2]);
    }

    [Fact]
    public void Open_GraphOfAnotherShape_IsRefused()
    {
        File.WriteAllBytes(_folder["mlp.onnx"], TestModels.Mlp());
        Assert.Equal(InferenceError.ModelInvalid, Assert.Throws<InferenceException>(() => ImagePreprocessor.Open(_folder["mlp.onnx"])).Error);
    }

    private string Refusal(byte[] image)
    {
        var error = Assert.Throws<InferenceException>(() => _images.Run(image).Type);
        Assert.Equal(InferenceError.ImageRefused, error.Error);
        return error.Message;
    }
}
