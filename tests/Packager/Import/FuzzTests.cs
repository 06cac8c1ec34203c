using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Images;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Passes;
using EdgeRuntime.Packaging.Tests.Support;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Import;

// Whatever the bytes are, a reader ends in success or in its own refusal, within bounded memory.
public sealed class FuzzTests
{
    private const long MemoryPerCase = 64 << 20;
    private static readonly byte[][] Models = [SmallModels.Plain(), SmallModels.ConstantNodes(), SmallModels.Opset9(), SmallModels.Branches()];
    private static readonly IPass[] Passes = [new CheckWeights(), new FixInitializers(), new LiftConstants(), new HalfWeights()];

    // Full: 500,000 cases over the tests here.
    private static int Cases => Environment.GetEnvironmentVariable("EDGE_FULL") == "1" ? 125_000 : 750;

    [Fact]
    public void Importer_MutatedModels_EndInRefusalOrModel() => Run(1, random => Import(Mutate(random, Models[random.Next(Models.Length)])));

    [Fact]
    public void Importer_RandomBytes_EndInRefusalOrModel() => Run(2, random =>
    {
        var bytes = new byte[random.Next(2000)];
        random.NextBytes(bytes);
        Import(bytes);
    });

    [Fact]
    public void ImageOption_RandomText_EndsInRefusalOrSpec() => Run(3, random =>
    {
        try
        {
            var spec = ImageOption.Parse(ImageText(random));
            Assert.InRange(spec.Height, 1, ImageSpec.MaximumSide);
            Assert.True(spec.MinimumWidth <= spec.MaximumWidth);
            Assert.Equal((3, 3), (spec.Mean.Count, spec.Deviation.Count));
            Assert.NotEmpty(ImageGraph.Build(spec));
        }
        catch (UsageException refusal)
        {
            Assert.StartsWith("--image", refusal.Message);
        }
    });

    [Fact]
    public void Npz_MutatedArchives_EndInRefusalOrArrays()
    {
        var archive = Npz.Write([new NamedArray("x", ElementType.Float32, [2, 3], new byte[24]), new NamedArray("labels", ElementType.Int64, [2], new byte[16])]);
        Run(4, random =>
        {
            try
            {
                foreach (var array in Npz.Read(new MemoryStream(Mutate(random, archive)), new ByteCount(1 << 20))) Assert.Equal(array.Count * array.Type.Size(), array.Data.Length);
            }
            catch (BundleException)
            {
                // refused
            }
        });
    }

    private static void Import(byte[] bytes)
    {
        try
        {
            PassPipeline.Apply(Bits.Import(bytes), Passes, stopAfter: null, TimeProvider.System);
        }
        catch (PackagerException)
        {
            // refused
        }
    }

    private static byte[] Mutate(Random random, byte[] valid)
    {
        var bytes = valid.ToList();
        for (var i = random.Next(1, 8); i > 0 && bytes.Count > 0; i--)
        {
            var at = random.Next(2) == 0 ? random.Next(bytes.Count) : random.Next(Math.Min(200, bytes.Count));
            switch (random.Next(5))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: bytes.Insert(at, (byte)random.Next(256)); break;
                case 3: bytes.RemoveRange(at, random.Next(Math.Min(64, bytes.Count - at))); break;
                default: bytes.InsertRange(at, bytes.GetRange(at, random.Next(Math.Min(64, bytes.Count - at)))); break;
            }
        }
        return [.. bytes];
    }

    private static string ImageText(Random random)
    {
        string[] parts = ["resize=48xW", "resize=224x224", "bgr", "rgb", "nhwc", "nchw", "mean=0.5", "std=0.2|0.3|0.4", "min-width=8", "max-width=99999", "mean=", "=", "x", "resize=0xW", "std=0", "mean=1e400", "std=-1", "\0", "W"];
        var text = string.Join(random.Next(8) == 0 ? ";" : ",", Enumerable.Range(0, random.Next(6)).Select(_ => parts[random.Next(parts.Length)]));
        return random.Next(3) == 0 && text.Length > 0 ? text.Remove(random.Next(text.Length)) + (char)random.Next(32, 1000) : text;
    }

    private static void Run(int seed, Action<Random> one)
    {
        for (var i = 0; i < Cases; i++)
        {
            var caseSeed = seed * 1_000_000 + i;
            var memory = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                one(new Random(caseSeed));
                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - memory, 0, MemoryPerCase);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"case seed {caseSeed}: {failure.Message}", failure);
            }
        }
    }
}
