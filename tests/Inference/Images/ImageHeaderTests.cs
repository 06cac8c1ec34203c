using EdgeRuntime.Inference.Images;
using Xunit;

namespace EdgeRuntime.Inference.Tests.Images;

public sealed class ImageHeaderTests
{
    [Theory]
    [InlineData(new byte[] { 0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8, 0, 5, 0, 7, 3, 0 })]
    [InlineData(new byte[] { 0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xC2, 0, 11, 8, 0, 5, 0, 7, 3, 0 })]
    [InlineData(new byte[] { 0xFF, 0xD8, 0xFF, 0xFF, 0xFF, 0xC1, 0, 11, 8, 0, 5, 0, 7, 3, 0 })]
    public void Read_Jpeg_FindsFrameBehindOtherSegments(byte[] jpeg) => Assert.Equal(new ImageHeader("JPEG", 7, 5), ImageHeader.Read(jpeg));

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xD8, 0xFF, 0xE0, 0, 0, 0xFF, 0xC0, 0, 11, 8, 0, 5, 0, 7, 3, 0 })] // a segment of no length would never end
    [InlineData(new byte[] { 0xFF, 0xD8, 0xFF, 0xDA, 0, 4, 1, 2, 0xFF, 0xC0, 0, 11, 8, 0, 5, 0, 7, 3, 0 })] // pixels first
    [InlineData(new byte[] { 0xFF, 0xD8, 0xFF, 0xC4, 0, 11, 8, 0, 5, 0, 7, 3, 0 })] // Huffman tables are no frame
    [InlineData(new byte[] { 0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8, 0, 5 })]
    [InlineData(new byte[] { 0xFF, 0xD8, 0xFF })]
    [InlineData(new byte[] { 0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13 })]
    [InlineData(new byte[0])]
    public void Read_NoFrameHeader_IsNull(byte[] image) => Assert.Null(ImageHeader.Read(image));

    [Fact]
    public void Read_RealLines_StatesWhatDecodingGives() =>
        Assert.All(Enumerable.Range(0, 5), i => Assert.InRange(ImageHeader.Read(TextLines.Image(i))!.Value.Height, 20, 200));
}
