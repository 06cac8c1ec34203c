using EdgeRuntime.Bundles.Tests.Support;
using Xunit;

namespace EdgeRuntime.Bundles.Tests;

public sealed class TamperedBundleTests
{
    [Fact]
    public void Open_AnyByteFlipped_IsRefused()
    {
        using var small = new SmallBundle().Write();
        var bytes = File.ReadAllBytes(small.Path);
        var path = Path.Combine(small.Folder, "flipped.bundle");
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= (byte)(1 << (i % 8));
            File.WriteAllBytes(path, bytes);
            bytes[i] ^= (byte)(1 << (i % 8));
            Assert.True(IsRefused(path, small.Trust), $"byte {i} of {bytes.Length} flipped, and the bundle was accepted");
        }
    }

    [Fact]
    public void Open_CutAnywhere_IsRefused()
    {
        using var small = new SmallBundle().Write();
        var bytes = File.ReadAllBytes(small.Path);
        var path = Path.Combine(small.Folder, "cut.bundle");
        for (var length = 0; length < bytes.Length; length += 37)
        {
            File.WriteAllBytes(path, bytes[..length]);
            Assert.True(IsRefused(path, small.Trust), $"cut to {length} bytes, and accepted");
        }
    }

    [Fact]
    public void Open_SignedByAStranger_IsRefused()
    {
        using var small = new SmallBundle().Write();
        var stranger = new TrustPolicy([SigningKey.Generate(SignatureAlgorithm.Ed25519).PublicKey]);
        Assert.Equal(BundleError.UntrustedKey, Assert.Throws<BundleException>(() => VerifiedBundle.Open(small.Path, stranger)).Error);
    }

    [Fact]
    public void Open_OneSignatureWhereTwoAreAskedFor_IsRefused()
    {
        using var small = new SmallBundle().Write();
        var two = new TrustPolicy([small.Key.PublicKey, SigningKey.Generate(SignatureAlgorithm.EcdsaP256).PublicKey], threshold: 2);
        Assert.Equal(BundleError.UntrustedKey, Assert.Throws<BundleException>(() => VerifiedBundle.Open(small.Path, two)).Error);
    }

    [Fact]
    public void TrustPolicy_WithoutKeys_IsRefused() => Assert.Throws<BundleException>(() => new TrustPolicy([]));

    private static bool IsRefused(string path, TrustPolicy trust)
    {
        try
        {
            using var bundle = VerifiedBundle.Open(path, trust);
            bundle.VerifyAll();
            return false;
        }
        catch (BundleException)
        {
            return true;
        }
    }
}
