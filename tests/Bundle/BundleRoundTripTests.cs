using EdgeRuntime.Bundles.Tests.Support;
using Xunit;

namespace EdgeRuntime.Bundles.Tests;

public sealed class BundleRoundTripTests
{
    [Theory]
    [InlineData(SignatureAlgorithm.EcdsaP256)]
    [InlineData(SignatureAlgorithm.Ed25519)]
    public void Write_ThenOpen_GivesManifestAndEntriesBack(SignatureAlgorithm algorithm)
    {
        using var small = new SmallBundle { Key = SigningKey.Generate(algorithm) }.Write();
        using var bundle = VerifiedBundle.Open(small.Path, small.Trust);
        Assert.Equal("small", bundle.Manifest.Name);
        Assert.Equal("zero\none\n"u8, bundle.ReadEntry("labels.txt", new ByteCount(100)));
        bundle.VerifyAll();
    }

    [Fact]
    public void Write_Twice_GivesTheSameBytesButForTheSignature()
    {
        using var first = new SmallBundle().Write();
        using var second = new SmallBundle { Key = first.Key }.Write();
        var (left, right) = (File.ReadAllBytes(first.Path), File.ReadAllBytes(second.Path));
        Assert.Equal(left.Length, right.Length);
        using var bundle = VerifiedBundle.Open(first.Path, first.Trust);
        using var again = VerifiedBundle.Open(second.Path, second.Trust);
        Assert.Equal(bundle.Digest, again.Digest);
        // The signature itself, and its checksum in two headers.
        Assert.InRange(left.Zip(right).Count(pair => pair.First != pair.Second), 0, 88 + 8);
    }

    [Fact]
    public void Write_WithEd25519_Twice_GivesTheSameBytes()
    {
        using var first = new SmallBundle { Key = SigningKey.Generate(SignatureAlgorithm.Ed25519) }.Write();
        using var second = new SmallBundle { Key = first.Key }.Write();
        Assert.Equal(File.ReadAllBytes(first.Path), File.ReadAllBytes(second.Path));
    }

    [Fact]
    public void Bundle_IsAnOrdinaryZip_WithWeightsOnAPage()
    {
        using var small = new SmallBundle().Write();
        using (var zip = System.IO.Compression.ZipFile.OpenRead(small.Path))
            Assert.Equal(7, zip.Entries.Count);
        var bytes = File.ReadAllBytes(small.Path);
        var weights = bytes.AsSpan().IndexOf(Enumerable.Range(0, 300).Select(i => (byte)i).ToArray());
        Assert.Equal(0, weights % 4096);
    }

    [Fact]
    public void Install_ThenPack_GivesTheFileBack()
    {
        using var small = new SmallBundle().Write();
        using var bundle = VerifiedBundle.Open(small.Path, small.Trust);
        var installed = new BundleStore(small.Root).Install(bundle, small.Trust);
        using var packed = new MemoryStream();
        installed.Pack(packed);
        Assert.Equal(File.ReadAllBytes(small.Path), packed.ToArray());
    }

    [Fact]
    public void Keys_SavedAndLoaded_SignAndVerify()
    {
        using var small = new SmallBundle();
        foreach (var algorithm in Enum.GetValues<SignatureAlgorithm>())
        {
            var path = SigningKey.Generate(algorithm).Save(small.Folder, $"k{(int)algorithm}");
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            var signature = SigningKey.Load(path).Sign("text"u8);
            var key = PublicKey.Load(Path.ChangeExtension(path, ".pub"));
            Assert.True(key.Verify("text"u8, signature));
            Assert.False(key.Verify("next"u8, signature));
        }
    }

    [Fact]
    public void BuiltInTargets_AreValid_AndNamedAsTheirFiles()
    {
        Assert.Equal(["arm64-generic", "jetson-agx-orin", "jetson-orin-nano", "x86-avx2", "x86-avx512-vnni", "x86-openvino"], TargetFile.BuiltIn);
        foreach (var name in TargetFile.BuiltIn) Assert.Equal(name, TargetFile.Load(name).Name);
    }
}
