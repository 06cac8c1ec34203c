using System.Text;
using EdgeRuntime.Bundles.Tests.Support;
using EdgeRuntime.Bundles.Trust;
using Xunit;

namespace EdgeRuntime.Bundles.Tests.Attacks;

public sealed class SignatureAttackTests
{
    private static readonly SigningKey Stranger = SigningKey.Generate(SignatureAlgorithm.Ed25519), Second = SigningKey.Generate(SignatureAlgorithm.EcdsaP256);

    [Fact]
    public void Install_SignedByStranger_IsRefused()
    {
        using var forged = new ForgedBundle();
        Assert.Equal(BundleError.UntrustedKey, forged.Refused(null, Stranger).Error);
    }

    [Fact]
    public void Install_SignedByStrangerInTheNameOfTheTrustedKey_IsRefused()
    {
        using var forged = new ForgedBundle();
        var manifest = Encoding.UTF8.GetBytes(forged.Manifest);
        var signature = new ManifestSignature(forged.Key.PublicKey.Id, SignatureAlgorithm.EcdsaP256, Second.Sign(manifest));
        Assert.Equal(BundleError.InvalidSignature, forged.RefusedWith(forged.Trust, manifest, signature).Error);
    }

    [Fact]
    public void Install_SignatureOfAnotherManifest_IsRefused()
    {
        using var forged = new ForgedBundle();
        var manifest = Encoding.UTF8.GetBytes(forged.Manifest);
        var signature = new ManifestSignature(forged.Key.PublicKey.Id, SignatureAlgorithm.EcdsaP256, forged.Key.Sign(manifest.AsSpan()[..^1]));
        Assert.Equal(BundleError.InvalidSignature, forged.RefusedWith(forged.Trust, manifest, signature).Error);
    }

    [Fact]
    public void Install_HalfSigned_IsRefused()
    {
        using var forged = new ForgedBundle();
        var both = new TrustPolicy([forged.Key.PublicKey, Second.PublicKey], threshold: 2);
        Assert.Equal(BundleError.UntrustedKey, forged.Refused(both, forged.Key).Error);
        Assert.Equal(BundleError.UntrustedKey, forged.Refused(both, forged.Key, Stranger).Error);
    }

    [Fact]
    public void Install_OneKeySignsTwiceForAThresholdOfTwo_IsRefused()
    {
        using var forged = new ForgedBundle();
        var both = new TrustPolicy([forged.Key.PublicKey, Second.PublicKey], threshold: 2);
        Assert.Equal(BundleError.UntrustedKey, forged.Refused(both, forged.Key, forged.Key).Error);
    }

    [Fact]
    public void Install_OneOfTwoTrustedSignaturesDoesNotHold_IsRefused()
    {
        using var forged = new ForgedBundle();
        var manifest = Encoding.UTF8.GetBytes(forged.Manifest);
        var good = new ManifestSignature(forged.Key.PublicKey.Id, SignatureAlgorithm.EcdsaP256, forged.Key.Sign(manifest));
        var bad = new ManifestSignature(Second.PublicKey.Id, SignatureAlgorithm.EcdsaP256, new byte[64]);
        Assert.Equal(BundleError.InvalidSignature, forged.RefusedWith(new TrustPolicy([forged.Key.PublicKey, Second.PublicKey]), manifest, good, bad).Error);
    }

    [Fact]
    public void Install_AlgorithmOfTheKeyMisstated_IsRefused()
    {
        using var forged = new ForgedBundle();
        var manifest = Encoding.UTF8.GetBytes(forged.Manifest);
        var signature = new ManifestSignature(forged.Key.PublicKey.Id, SignatureAlgorithm.Ed25519, forged.Key.Sign(manifest));
        Assert.Equal(BundleError.InvalidSignature, forged.RefusedWith(forged.Trust, manifest, signature).Error);
    }

    [Fact]
    public void Install_NoSignature_IsRefused()
    {
        using var forged = new ForgedBundle();
        Assert.Equal(BundleError.InvalidSignature, forged.RefusedWith(forged.Trust, Encoding.UTF8.GetBytes(forged.Manifest)).Error);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Policy_ThresholdThatItsKeysCannotMeet_IsRefused(int threshold) =>
        Assert.Equal(BundleError.NoTrust, Assert.Throws<BundleException>(() => new TrustPolicy([Second.PublicKey], threshold)).Error);
}
