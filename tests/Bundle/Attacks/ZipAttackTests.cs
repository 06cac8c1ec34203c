using System.Buffers.Binary;
using System.IO.Compression;
using EdgeRuntime.Bundles.Tests.Support;
using EdgeRuntime.Bundles.Zip;
using Xunit;

namespace EdgeRuntime.Bundles.Tests.Attacks;

public sealed class ZipAttackTests
{
    [Theory]
    [InlineData(uint.MaxValue)]
    [InlineData(1L << 40)]
    [InlineData((1L << 50) - 1)]
    public void Open_SizesStatedHuge_AreRefusedWithoutReserving(long size)
    {
        using var forged = new ForgedBundle();
        var layout = new ZipLayout([new ZipEntry("manifest.json", size, 0)]);
        File.WriteAllBytes(forged.Path, [.. layout.LocalHeader(0), .. layout.Directory()]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        forged.RefusedFile(forged.Path, forged.Trust);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Open_SparseFileAsLargeAsTheManifestStates_IsRefusedByTheLimit()
    {
        using var forged = new ForgedBundle();
        var layout = new ZipLayout([new ZipEntry("manifest.json", 8L << 30, 0), new ZipEntry("manifest.sig", 1, 0)]);
        using (var file = File.Create(forged.Path))
        {
            file.Write(layout.LocalHeader(0));
            file.Position = layout.HeaderOffset(1);
            file.Write(layout.LocalHeader(1));
            file.Position = layout.DirectoryOffset;
            file.Write(layout.Directory());
        }
        Assert.Equal(BundleError.LimitExceeded, forged.RefusedFile(forged.Path, forged.Trust).Error);
    }

    [Fact]
    public void Open_TooManyEntries_IsRefused()
    {
        using var forged = new ForgedBundle();
        var layout = new ZipLayout([.. Enumerable.Range(0, EntryNames.MaximumCount + 1).Select(i => new ZipEntry($"{i:d5}", 0, 0))]);
        using (var file = File.Create(forged.Path))
        {
            for (var i = 0; i <= EntryNames.MaximumCount; i++) file.Write(layout.LocalHeader(i));
            file.Write(layout.Directory());
        }
        Assert.Equal(BundleError.LimitExceeded, forged.RefusedFile(forged.Path, forged.Trust).Error);
    }

    [Fact]
    public void Open_EntriesThatRepeat_AreRefused()
    {
        using var forged = new ForgedBundle();
        var layout = new ZipLayout([new ZipEntry("a", 0, 0), new ZipEntry("a", 0, 0)]);
        File.WriteAllBytes(forged.Path, [.. layout.LocalHeader(0), .. layout.LocalHeader(1), .. layout.Directory()]);
        Assert.Equal(BundleError.NotCanonical, forged.RefusedFile(forged.Path, forged.Trust).Error);
    }

    [Fact]
    public void Open_SoundContentInAnOrdinaryZip_IsRefused()
    {
        using var forged = new ForgedBundle();
        using var small = new SmallBundle { Key = forged.Key }.Write();
        ZipFile.ExtractToDirectory(small.Path, Path.Combine(small.Folder, "content"));
        File.Delete(forged.Path);
        ZipFile.CreateFromDirectory(Path.Combine(small.Folder, "content"), forged.Path, CompressionLevel.Fastest, includeBaseDirectory: false);
        forged.RefusedFile(forged.Path, forged.Trust);
    }

    // The mode of a link stands in the external attributes of the directory.
    [Fact]
    public void Open_EntryMarkedAsALink_IsRefused()
    {
        using var small = new SmallBundle().Write();
        using var forged = new ForgedBundle();
        var bytes = File.ReadAllBytes(small.Path);
        var directory = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan()[^6..]);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(directory + 38), 0xA1FF0000);
        File.WriteAllBytes(forged.Path, bytes);
        Assert.Equal(BundleError.NotCanonical, forged.RefusedFile(forged.Path, small.Trust).Error);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Open_BytesBesideTheArchive_AreRefused(bool before)
    {
        using var small = new SmallBundle().Write();
        using var forged = new ForgedBundle();
        var bytes = File.ReadAllBytes(small.Path);
        File.WriteAllBytes(forged.Path, before ? [0, .. bytes] : [.. bytes, 0]);
        forged.RefusedFile(forged.Path, small.Trust);
    }
}
