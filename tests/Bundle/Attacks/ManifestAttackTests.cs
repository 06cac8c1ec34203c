using EdgeRuntime.Bundles.Tests.Support;
using Xunit;

namespace EdgeRuntime.Bundles.Tests.Attacks;

// A trusted key signs all of these: the rules hold for friends too.
public sealed class ManifestAttackTests
{
    [Theory]
    [InlineData("LABELS.txt")]
    [InlineData("Manifest.json")]
    [InlineData("labels.txt/x")]
    [InlineData("manifest.json/x")]
    [InlineData("golden")]
    public void Install_NamesThatClash_AreRefused(string name)
    {
        using var forged = new ForgedBundle().With(name, [1]);
        Assert.Equal(BundleError.InvalidManifest, forged.Refused().Error);
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("/etc/evil")]
    [InlineData("a/../../evil")]
    [InlineData("a//b")]
    [InlineData("libops.so")]
    [InlineData("libops.so.1")]
    [InlineData("ops.DLL")]
    [InlineData("a/b/c/d/e/f/g/h/i")]
    public void Install_NameThatLeavesTheFolderOrNamesCode_IsRefused(string name)
    {
        using var forged = new ForgedBundle().With(name, [1]);
        Assert.Equal(BundleError.InvalidName, forged.Refused().Error);
    }

    [Fact]
    public void Install_EntryThatTheManifestDoesNotState_IsRefused()
    {
        using var forged = new ForgedBundle();
        forged.Entries.Add("extra", [1]);
        Assert.Equal(BundleError.UnexpectedEntry, forged.Refused().Error);
    }

    [Fact]
    public void Install_EntryMissingFromTheArchive_IsRefused()
    {
        using var forged = new ForgedBundle();
        forged.Entries.Remove("labels.txt");
        Assert.Equal(BundleError.MissingEntry, forged.Refused().Error);
    }

    [Fact]
    public void Install_EntryOfTheSameSizeReplaced_IsRefused()
    {
        using var forged = new ForgedBundle();
        forged.Entries["labels.txt"] = [.. forged.Entries["labels.txt"].Reverse()];
        Assert.Equal(BundleError.DigestMismatch, forged.Refused().Error);
    }

    [Fact]
    public void Install_ManifestOverTheLimit_IsRefused()
    {
        using var forged = new ForgedBundle();
        forged.Manifest += new string(' ', ManifestJson.MaximumSize);
        var error = forged.Refused();
        Assert.Equal(BundleError.LimitExceeded, error.Error);
        Assert.Contains("over the limit of 4 MiB", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"formatVersion\": 1", "\"formatVersion\": 2", BundleError.UnsupportedVersion)]
    [InlineData("\"formatVersion\": 1", "\"formatVersion\": 0", BundleError.UnsupportedVersion)]
    [InlineData("\"sequence\": 1", "\"sequence\": 1, \"sequence\": 2", BundleError.InvalidManifest)]
    [InlineData("\"sequence\": 1", "\"sequence\": -1", BundleError.InvalidManifest)]
    [InlineData("\"sequence\": 1", "\"sequence\": null", BundleError.InvalidManifest)]
    [InlineData("\"sequence\": 1", "\"sequence\": 1, \"allow\": true", BundleError.InvalidManifest)]
    [InlineData("\"name\": \"small\"", "\"name\": \"../small\"", BundleError.InvalidManifest)]
    [InlineData("\"labels\": \"labels.txt\"", "\"labels\": \"../../labels.txt\"", BundleError.InvalidManifest)]
    public void Install_ManifestMember_IsRefused(string from, string to, BundleError expected)
    {
        using var forged = new ForgedBundle();
        var before = forged.Manifest;
        forged.Manifest = before.Replace(from, to, StringComparison.Ordinal);
        Assert.NotEqual(before, forged.Manifest);
        Assert.Equal(expected, forged.Refused().Error);
    }

    [Fact]
    public void Read_OptionalListsLeftOut_AreEmpty()
    {
        var manifest = ManifestJson.Read(System.Text.Encoding.UTF8.GetBytes("""
            {"formatVersion":1,"name":"m","version":"1","sequence":0,"targets":["t"],"inputs":[{"name":"x","type":"FP32","shape":[1]}],
             "outputs":[{"name":"y","type":"FP32","shape":[1]}],
             "variants":[{"id":"v","path":"variants/v/model.onnx","precision":"fp32","bytes":1,"peakMemory":0}],
             "entries":{"variants/v/model.onnx":{"size":1,"sha256":"0000000000000000000000000000000000000000000000000000000000000000"}}}
            """));
        Assert.Empty(manifest.Golden);
        Assert.Empty(manifest.Postprocessing);
        Assert.Empty(manifest.Variants[0].Latencies);
    }

    [Fact]
    public void Install_ModelWithACompiledContext_IsRefused()
    {
        using var small = new SmallBundle().Write(model: TinyOnnx.Operator("EPContext", "com.microsoft"));
        using var bundle = VerifiedBundle.Open(small.Path, small.Trust);
        Assert.Equal(BundleError.ForbiddenContent, Assert.Throws<BundleException>(() => new BundleStore(small.Root).Install(bundle, small.Trust)).Error);
    }
}
