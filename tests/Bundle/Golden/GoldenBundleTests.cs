using EdgeRuntime.Bundles.Tests.Support;
using EdgeRuntime.TestKit;
using Xunit;

namespace EdgeRuntime.Bundles.Tests.Golden;

// A bundle of each format version is kept for ever: what was written once is read by every later reader.
public sealed class GoldenBundleTests
{
    private static readonly string Folder = Path.Combine(RepositoryPaths.Root, "tests", "data", "golden-bundles");

    [Theory]
    [InlineData(1, "a1a3221cce80a8f1b0c11354ee58ec74940a8c11f79089b6c2fdb89dfd1f9911")]
    public void Golden_OfFormatVersion_IsReadVerifiedAndInstalled(int version, string digest)
    {
        using var small = new SmallBundle();
        var trust = TrustPolicy.Load(Path.Combine(Folder, $"v{version}.trust"), threshold: 2);
        using var bundle = VerifiedBundle.Open(Path.Combine(Folder, $"v{version}.bundle"), trust);
        bundle.VerifyAll();
        Assert.Equal(version, bundle.Manifest.FormatVersion);
        Assert.Equal(digest, bundle.Digest.ToString());
        var installed = new BundleStore(small.Root).Install(bundle, trust, "x86-avx2");
        var golden = Npz.ReadFile(installed.PathOf("golden/0.out.npz"), ByteCount.FromMebibytes(1));
        Assert.Equal("y FP32[1,64]", Assert.Single(golden).ToString());
    }

    [Fact]
    public void Golden_OfEachFormatVersion_IsKept() =>
        Assert.Equal(Enumerable.Range(1, Manifest.CurrentFormatVersion).Select(version => $"v{version}.bundle"), Directory.GetFiles(Folder, "*.bundle").Select(Path.GetFileName).Order());

    /// <summary>Run once, by name, when there is a new format version: <c>-explicit only -method '*GoldenBundleTests.Make'</c>. Never overwrites.</summary>
    [Fact(Explicit = true)]
    public void Make()
    {
        var path = Path.Combine(Folder, $"v{Manifest.CurrentFormatVersion}.bundle");
        Assert.False(File.Exists(path), $"{path} exists, and a golden bundle is never changed");
        SigningKey[] keys = [SigningKey.Generate(SignatureAlgorithm.EcdsaP256), SigningKey.Generate(SignatureAlgorithm.Ed25519)];
        GoldenBundleMaker.Write(path, keys);
        var trust = Directory.CreateDirectory(Path.ChangeExtension(path, ".trust")).FullName;
        foreach (var key in keys) File.WriteAllText(Path.Combine(trust, $"{key.PublicKey.Algorithm}.pub"), key.PublicKey.ToPem() + "\n");
    }
}
