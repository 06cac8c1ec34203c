using System.Diagnostics;
using EdgeRuntime.Bundles.Onnx;
using EdgeRuntime.Bundles.Tests.Support;
using EdgeRuntime.Bundles.Trust;
using EdgeRuntime.Bundles.Zip;
using EdgeRuntime.TestKit.Storage;
using Xunit;

namespace EdgeRuntime.Bundles.Tests.Fuzz;

// Whatever the bytes are, a reader ends in a value that holds its promises or in a BundleException, within bounds of memory and time.
public sealed class FuzzTests
{
    private const long MostBytes = 64 << 20;
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(10);

    // Full: 1,000,000 cases over the seven tests.
    private static int Cases(int full) => Sample.Full ? full : full / 200;

    [Fact]
    public void Zip_LyingDirectories_EndInRefusalOrEntriesInsideTheFile() => Run(1, Cases(300_000), random =>
    {
        var archive = ZipGrammar.Archive(random);
        var directory = ZipDirectory.Read(new MemoryStream(archive));
        foreach (var entry in directory.Entries)
        {
            Assert.True(directory.TryFind(entry.Name, out _, out var offset));
            Assert.InRange(offset + entry.Size, 0, archive.Length);
        }
    });

    [Fact]
    public void Manifest_MutatedJson_EndsInRefusalOrAManifestThatIsWrittenAndReadAgain()
    {
        var sound = ManifestJson.Write(SmallBundle.FullManifest());
        Run(2, Cases(250_000), random =>
        {
            var written = ManifestJson.Write(ManifestJson.Read(Mutation.Json(random, sound)));
            Assert.Equal(written, ManifestJson.Write(ManifestJson.Read(written)));
        });
    }

    [Fact]
    public void Signatures_Mutated_AreNeverAcceptedForAnotherManifest()
    {
        var key = SigningKey.Generate(SignatureAlgorithm.EcdsaP256);
        var trust = new TrustPolicy([key.PublicKey]);
        var sound = SignatureFile.Write([new ManifestSignature(key.PublicKey.Id, key.PublicKey.Algorithm, key.Sign("manifest"u8))]);
        Run(3, Cases(50_000), random =>
        {
            var mutated = random.Next(2) == 0 ? Mutation.Json(random, sound) : Mutation.Bytes(random, sound);
            if (mutated.AsSpan().SequenceEqual(sound)) return;
            SignatureFile.Verify("manifest"u8, mutated, trust);
            Assert.Fail($"accepted: {Convert.ToHexString(mutated)}");
        });
    }

    [Fact]
    public void Npz_MutatedArchives_EndInRefusalOrArraysOfTheirShape() => Run(4, Cases(100_000), random =>
    {
        foreach (var array in Npz.Read(new MemoryStream(NpzGrammar.Archive(random)), ByteCount.FromMebibytes(2)))
            Assert.Equal(array.Count * array.Type.Size(), array.Data.Length);
    });

    [Fact]
    public void ModelScan_MutatedModels_EndInRefusalOrAcceptance()
    {
        var entries = SmallBundle.Content().Entries;
        Run(5, Cases(200_000), random => ModelScan.Require("variants/fp32/model.onnx", OnnxGrammar.Model(random), entries));
    }

    [Fact]
    public void Target_MutatedJson_EndsInRefusalOrTarget()
    {
        var sound = File.ReadAllBytes(Path.Combine(TestKit.RepositoryPaths.Root, "targets", "x86-avx2.json"));
        Run(6, Cases(50_000), random => Assert.NotEmpty(TargetFile.Read(Mutation.Json(random, sound), "fuzz").Name));
    }

    [Fact]
    public void Bundle_SignedByTrustedKeyWhateverItSays_EndsInRefusalOrInstall()
    {
        using var small = new SmallBundle();
        var grammar = new SignedGrammar();
        var trust = new TrustPolicy([grammar.Key.PublicKey]);
        Run(7, Cases(50_000), random =>
        {
            grammar.Write(random, small.Path);
            using var bundle = VerifiedBundle.Open(small.Path, trust);
            bundle.VerifyAll();
            var home = Directory.CreateDirectory(Path.Combine(small.Folder, $"home{random.Next(3)}")).FullName;
            new BundleStore(Path.Combine(home, "root"), new FaultyStorage(home, seed: 0)).Install(bundle, trust).VerifyEntries();
            Directory.Delete(home, recursive: true);
        });
    }

    private static void Run(int seed, int cases, Action<Random> one)
    {
        var accepted = 0;
        for (var i = 0; i < cases; i++)
        {
            var caseSeed = (seed * 1_000_000) + i;
            try
            {
                accepted += Accepted(new Random(caseSeed), one) ? 1 : 0;
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"case seed {caseSeed}: {failure.Message}", failure);
            }
        }
        if (seed != 3) Assert.InRange(accepted, 1, cases - 1); // a grammar that is always refused, or never, reaches nothing
    }

    private static bool Accepted(Random random, Action<Random> one)
    {
        var (bytes, watch) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.StartNew());
        try
        {
            one(random);
            return true;
        }
        catch (BundleException error)
        {
            Assert.InRange(error.Message.Length, 10, 8000);
            return false;
        }
        finally
        {
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - bytes, 0, MostBytes);
            Assert.InRange(watch.Elapsed, TimeSpan.Zero, MostTime);
        }
    }
}
