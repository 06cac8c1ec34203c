using EdgeRuntime.Bundles.Tests.Support;
using Xunit;

namespace EdgeRuntime.Bundles.Tests;

public sealed class ModelScanTests
{
    [Theory]
    [InlineData("../weights.bin")]
    [InlineData("/etc/passwd")]
    [InlineData("..")]
    [InlineData("other.bin")]
    [InlineData("model.onnx")]
    public void Install_ExternalDataElsewhere_IsRefused(string location) => Refused(TinyOnnx.Model(location, 0, 10));

    [Theory]
    [InlineData(4999, 2)]
    [InlineData(long.MaxValue, 10)]
    [InlineData(10, long.MaxValue)]
    public void Install_ExternalDataBeyondItsFile_IsRefused(long offset, long length) => Refused(TinyOnnx.Model("weights.bin", offset, length));

    [Fact]
    public void Install_ExternalDataInSubgraphElsewhere_IsRefused() => Refused(TinyOnnx.Nested("../weights.bin", 3));

    [Fact]
    public void Install_GraphsNestedTooDeep_IsRefused() => Refused(TinyOnnx.Nested("weights.bin", 40));

    [Fact]
    public void Install_OperatorOfForeignDomain_IsRefused() => Refused(TinyOnnx.Model("weights.bin", 0, 10, "evil.ops"));

    [Fact]
    public void Writer_LibraryInBundle_IsRefused() =>
        Assert.Equal(BundleError.InvalidName, Assert.Throws<BundleException>(() => new BundleWriter().Add("variants/fp32/libops.so.1", [1])).Error);

    [Theory]
    [InlineData("../x")]
    [InlineData("/x")]
    [InlineData("a//b")]
    [InlineData("a/./b")]
    [InlineData("a\\b")]
    [InlineData("a/")]
    [InlineData("")]
    [InlineData("a\0b")]
    public void Writer_NameThatLeavesTheFolder_IsRefused(string name) =>
        Assert.Equal(BundleError.InvalidName, Assert.Throws<BundleException>(() => new BundleWriter().Add(name, [1])).Error);

    private static void Refused(byte[] model)
    {
        using var small = new SmallBundle().Write(model: model);
        using var bundle = VerifiedBundle.Open(small.Path, small.Trust);
        var error = Assert.Throws<BundleException>(() => new BundleStore(small.Root).Install(bundle, small.Trust));
        Assert.Equal(BundleError.ForbiddenContent, error.Error);
        Assert.False(Directory.Exists(Path.Combine(small.Root, "bundles", "small")));
    }
}
