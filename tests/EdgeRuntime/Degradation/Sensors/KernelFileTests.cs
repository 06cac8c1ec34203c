using EdgeRuntime.Device.Degradation.Sensors;
using EdgeRuntime.TestKit.Kernels;
using Xunit;

namespace EdgeRuntime.Device.Tests.Degradation.Sensors;

public sealed class KernelFileTests
{
    [Theory]
    [InlineData("42\n", 42L)]
    [InlineData("42", 42L)]
    [InlineData("-256000\n", -256000L)]
    [InlineData("", null)]
    [InlineData("\n", null)]
    [InlineData("max\n", null)]
    [InlineData("42 C\n", null)]
    [InlineData("4.2\n", null)]
    [InlineData("99999999999999999999\n", null)]
    public void Number_WhateverItSays_IsTheNumberOrNull(string text, long? number)
    {
        using var tree = new KernelTree().With("value", text);
        using var file = new KernelFile(tree["value"]);
        Assert.Equal(number, file.Number());
    }

    [Fact]
    public void Number_FileChangesInPlace_IsReadAnew()
    {
        using var tree = new KernelTree().With("value", 1);
        using var file = new KernelFile(tree["value"]);
        Assert.Equal(1, file.Number());
        tree.With("value", 22);
        Assert.Equal(22, file.Number());
    }

    [Fact]
    public void Number_FileComesLater_IsFound()
    {
        using var tree = new KernelTree();
        using var file = new KernelFile(tree["value"]);
        Assert.Null(file.Number());
        tree.With("value", 3);
        Assert.Equal(3, file.Number());
    }

    [Fact(Timeout = 10_000)]
    public async Task Number_PipeThatNobodyWrites_IsNullAtOnce()
    {
        using var tree = new KernelTree().With("value", 1);
        tree.Pipe("value");
        await Task.Run(() =>
        {
            using var file = new KernelFile(tree["value"]);
            Assert.Null(file.Number());
        }, TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(".")]
    [InlineData("/dev/zero")]
    public void Read_FolderOrDevice_IsEmpty(string path)
    {
        using var tree = new KernelTree();
        using var file = new KernelFile(Path.Combine(tree.Root, path));
        Assert.True(file.Read(new byte[8]).IsEmpty);
    }

    [Theory]
    [InlineData("a 1\nab 2\n", "ab ", 2L)]
    [InlineData("total_b 1\nb 2\n", "b ", 2L)]
    [InlineData("b", "b ", null)]
    [InlineData("b x\n", "b ", null)]
    [InlineData("", "b ", null)]
    public void Field_WordThatBeginsALine_IsFound(string text, string word, long? number) =>
        Assert.Equal(number, KernelText.Field(System.Text.Encoding.UTF8.GetBytes(text), System.Text.Encoding.UTF8.GetBytes(word)));
}
