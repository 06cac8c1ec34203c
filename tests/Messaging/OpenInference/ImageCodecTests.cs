using System.Buffers.Binary;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.TestKit;
using Xunit;

namespace EdgeRuntime.Messaging.Tests.OpenInference;

public sealed class ImageCodecTests
{
    private static byte[] Jpeg => File.ReadAllBytes(Path.Combine(RepositoryPaths.TextLines, "0000.jpg"));

    [Fact]
    public void Read_RealJpeg_IsTheRequestsImage()
    {
        var image = Jpeg;
        var request = new InferenceRequest();
        Assert.Null(RequestCodec.Read("image/jpeg"u8, new RequestProperties(), image, request, ProtocolLimits.Default));
        Assert.True(request.IsImage);
        Assert.True(request.Image.Span.SequenceEqual(image));
        request.Reset();
        Assert.False(request.IsImage);
    }

    [Fact]
    public void Read_PngHeader_IsTheRequestsImage()
    {
        var request = new InferenceRequest();
        Assert.Null(ImageCodec.Read(Png(640, 480), PayloadFormat.Png, request, ProtocolLimits.Default));
        Assert.True(request.IsImage);
    }

    [Fact]
    public void Read_AnotherType_SaysWhatItIs()
    {
        AssertRefused(Jpeg, PayloadFormat.Png, ProtocolErrorCode.InvalidContentType, "it is a JPEG image");
        AssertRefused(Png(1, 1), PayloadFormat.Jpeg, ProtocolErrorCode.InvalidContentType, "it is a PNG image");
        AssertRefused([], PayloadFormat.Jpeg, ProtocolErrorCode.InvalidContentType, "it is empty");
        AssertRefused([0x47, 0x49, 0x46, 0x38, 0x39], PayloadFormat.Jpeg, ProtocolErrorCode.InvalidContentType, "it starts with 47494638");
    }

    [Fact]
    public void Read_DecompressionBomb_IsRefusedByItsHeader()
    {
        AssertRefused(Png(100_000, 100_000), PayloadFormat.Png, ProtocolErrorCode.LimitExceeded, "100000 x 100000 pixels, over the limit of 33554432");
        AssertRefused(Png(uint.MaxValue, uint.MaxValue), PayloadFormat.Png, ProtocolErrorCode.InvalidImage, "no width and height");
        AssertRefused(Png(0, 7), PayloadFormat.Png, ProtocolErrorCode.InvalidImage, "no width and height");
    }

    [Fact]
    public void Read_JpegSizeByItsFrame_IsExact()
    {
        var limits = new ProtocolLimits { MaxImagePixels = 1 };
        var error = ImageCodec.Read(Jpeg, PayloadFormat.Jpeg, new InferenceRequest(), limits);
        Assert.Matches(@"the image has \d{2,4} x \d{2} pixels, over the limit of 1", error!.Message);
    }

    [Fact]
    public void Read_JpegCutAnywhereInItsHeaders_IsRefusedOrWhole()
    {
        var image = Jpeg;
        for (var length = 0; length < Math.Min(image.Length, 700); length++)
        {
            var error = ImageCodec.Read(image.AsMemory(0, length), PayloadFormat.Jpeg, new InferenceRequest(), ProtocolLimits.Default);
            if (length < 20) Assert.NotNull(error);
            if (error is not null) Assert.Contains(error.Code, new[] { ProtocolErrorCode.InvalidContentType, ProtocolErrorCode.InvalidImage });
        }
    }

    private static void AssertRefused(byte[] image, PayloadFormat format, ProtocolErrorCode code, string named)
    {
        var error = ImageCodec.Read(image, format, new InferenceRequest(), ProtocolLimits.Default);
        Assert.Equal(code, error?.Code);
        Assert.Contains(named, error!.Message);
    }

    private static byte[] Png(uint width, uint height)
    {
        byte[] image = [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, 0, 0, 0, 13, .. "IHDR"u8, .. new byte[17]];
        BinaryPrimitives.WriteUInt32BigEndian(image.AsSpan(16), width);
        BinaryPrimitives.WriteUInt32BigEndian(image.AsSpan(20), height);
        return image;
    }
}
