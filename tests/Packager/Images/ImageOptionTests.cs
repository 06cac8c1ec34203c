using EdgeRuntime.Packaging.Images;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Images;

public sealed class ImageOptionTests
{
    [Fact]
    public void Parse_TextLine_GivesHeightOrderAndNormalisation()
    {
        var spec = ImageOption.Parse("resize=48xW,bgr,mean=0.5,std=0.5");
        Assert.Equal((48, (int?)null, true, false), (spec.Height, spec.Width, spec.Bgr, spec.ChannelsLast));
        Assert.Equal([0.5, 0.5, 0.5], spec.Mean);
        Assert.Equal([1, 3, 48, -1], spec.Shape);
    }

    [Fact]
    public void Parse_ChannelLists_KeepTheirOrder()
    {
        var spec = ImageOption.Parse("rgb,nhwc,resize=224x320,mean=0.485|0.456|0.406,std=0.229|0.224|0.225");
        Assert.Equal([0.485, 0.456, 0.406], spec.Mean);
        Assert.Equal([1, 224, 320, 3], spec.Shape);
    }

    [Theory]
    [InlineData("", "has 0 characters")]
    [InlineData("bgr", "resize is missing")]
    [InlineData("resize=48", "not HEIGHTxWIDTH")]
    [InlineData("resize=48xw", "resize width 'w' is not a number of pixels from 1 to 16384")]
    [InlineData("resize=0x10", "resize height '0'")]
    [InlineData("resize=20000x10", "resize height '20000'")]
    [InlineData("resize=8x8,bgr,rgb", "colour order is given twice")]
    [InlineData("resize=8x8,resize=8x8", "resize is given twice")]
    [InlineData("resize=8x8,mean=0.5|0.5", "mean has 2 numbers, 1 or 3 are allowed")]
    [InlineData("resize=8x8,std=0", "std '0' is not a number from")]
    [InlineData("resize=8x8,std=NaN", "std 'NaN'")]
    [InlineData("resize=8x8,mean=1,5", "unknown part '5'")]
    [InlineData("resize=8x8,gray", "unknown part 'gray'")]
    [InlineData("resize=8x8,bgr=1", "unknown part 'bgr=1'")]
    [InlineData("resize=8x8,resize", "unknown part 'resize'")]
    [InlineData("resize=8x8,min-width=4", "go with a width by aspect ratio")]
    [InlineData("resize=8xW,min-width=9,max-width=8", "min-width 9 is over max-width 8")]
    public void Parse_Wrong_NamesThePart(string text, string expected) => Assert.Contains(expected, Assert.Throws<UsageException>(() => ImageOption.Parse(text)).Message);
}
