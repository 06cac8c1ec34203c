using System.Text;
using Xunit;

namespace EdgeRuntime.Inference.Tests.Postprocessing;

public sealed class LabelsTests
{
    [Theory]
    [InlineData("a\nb\n", new[] { "a", "b" })]
    [InlineData("a\r\nb", new[] { "a", "b" })]
    [InlineData("\uFEFFa\n\n漢\n", new[] { "a", "", "漢" })] // an empty line is a class too
    [InlineData(" \n'\n", new[] { " ", "'" })]
    [InlineData("", new string[0])]
    public void Parse_TakesOnlyLineEndsOff(string file, string[] expected)
    {
        var labels = Labels.Parse(Encoding.UTF8.GetBytes(file));
        Assert.Equal(expected, Enumerable.Range(0, labels.Count).Select(i => Encoding.UTF8.GetString(labels[i])));
    }

    [Fact]
    public void Parse_NotUtf8_IsRefused() =>
        Assert.Equal("the labels' file 'l.txt' is not UTF-8", Assert.Throws<InferenceException>(() => Labels.Parse([0xFF, 0xFE], "l.txt")).Message);

    [Fact]
    public void Parse_TooMany_IsRefused() => Assert.Throws<InferenceException>(() => Labels.Parse(new byte[(1 << 20) + 1].Select(_ => (byte)'\n').ToArray()));
}
