using EdgeRuntime.Bundles.Tests.Support;
using Xunit;

namespace EdgeRuntime.Bundles.Tests;

public sealed class TamperedBundleTests
{
    // Every byte, at one of its bits in turn; each of its bits with EDGE_FULL=1.
    [Fact]
    public void Open_AnyByteFlipped_IsRefused()
    {
        using var small = new SmallBundle().Write();
        var bytes = File.ReadAllBytes(small.Path);
        for (var i = 0; i < bytes.Length; i++)
            for (var bit = Sample.Full ? 0 : 7; bit < 8; bit++)
            {
                var flipped = (byte)(bytes[i] ^ (1 << ((i + bit) % 8)));
                Overwrite(small.Path, i, flipped);
                Assert.True(IsRefused(small.Path, small.Trust), $"byte {i} of {bytes.Length} was {bytes[i]:x2}, is {flipped:x2}, and the bundle was accepted");
                Overwrite(small.Path, i, bytes[i]);
            }
        Assert.False(IsRefused(small.Path, small.Trust));
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

    private static void Overwrite(string path, long offset, byte value)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write);
        RandomAccess.Write(file, [value], offset);
    }

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
