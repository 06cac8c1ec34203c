using EdgeRuntime.Inference.Images;
using Xunit;

namespace EdgeRuntime.Inference.Tests.Images;

/// <summary>Each refusal here stands for a way in which libjpeg would end the process, or read without end.</summary>
public sealed class JpegStructureTests
{
    private static readonly byte[] Jpeg = TextLines.Image(0);

    [Fact]
    public void Explain_RealImages_AreAccepted()
    {
        for (int i = 0; i < TextLines.Count; i++) Assert.Null(JpegStructure.Explain(TextLines.Image(i)));
    }

    [Fact]
    public void Explain_CutAnywhere_IsRefused()
    {
        for (int length = 0; length < Jpeg.Length; length++) Assert.NotNull(JpegStructure.Explain(Jpeg.AsSpan(0, length)));
    }

    [Theory]
    [InlineData(0xC0, 0xC9)] // arithmetic coding
    [InlineData(0xC0, 0xC3)] // lossless
    [InlineData(0xDB, 0xE1)] // a scan without its quantization table
    [InlineData(0xC4, 0xE1)] // a scan without its Huffman table
    [InlineData(0xC0, 0xE1)] // a scan before its frame
    [InlineData(0xDA, 0xD9)] // no pixels
    [InlineData(0xDA, 0x02)] // a reserved marker
    public void Explain_MarkerIsAnother_IsRefused(int from, int to)
    {
        byte[] changed = [.. Jpeg];
        foreach (int at in Markers(changed, (byte)from)) changed[at + 1] = (byte)to;
        Assert.NotNull(JpegStructure.Explain(changed));
    }

    [Theory]
    [InlineData(0xC0, 4, 12)] // bits a sample
    [InlineData(0xC0, 9, 4)] // components: CMYK
    [InlineData(0xC0, 9, 1)] // greyscale
    [InlineData(0xC0, 11, 0)] // a sampling factor of 0
    [InlineData(0xC0, 12, 9)] // a quantization table that cannot be
    [InlineData(0xDA, 4, 4)] // more components than the frame has
    [InlineData(0xDA, 5, 0x77)] // a component that the frame has not
    [InlineData(0xC4, 5, 255)] // two codes of one bit at most
    [InlineData(0xC4, 4, 0x25)] // a table that cannot be
    [InlineData(0xDB, 4, 0x24)]
    public void Explain_ValueIsAnother_IsRefused(int marker, int offset, int value)
    {
        byte[] changed = [.. Jpeg];
        changed[Markers(changed, (byte)marker)[0] + offset] = (byte)value;
        Assert.NotNull(JpegStructure.Explain(changed));
    }

    [Fact]
    public void Explain_WellFormedGreyscale_IsRefusedSinceItWouldBeWrittenPastItsEnd()
    {
        byte[] grey = [0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8, 0, 8, 0, 8, 1, 1, 0x11, 0, 0xFF, 0xD9];
        Assert.Equal("has 1 colour components; only 3 are supported, so no greyscale and no CMYK", JpegStructure.Explain(grey));
    }

    [Fact]
    public void Explain_ScanTwice_IsRefused()
    {
        int scan = Markers(Jpeg, 0xDA)[0];
        byte[] twice = [.. Jpeg[..^2], .. Jpeg[scan..]];
        Assert.Equal("has a second scan after a whole one", JpegStructure.Explain(twice));
    }

    private static int[] Markers(byte[] jpeg, byte marker) => [.. Enumerable.Range(0, jpeg.Length - 1).Where(at => jpeg[at] == 0xFF && jpeg[at + 1] == marker)];
}
