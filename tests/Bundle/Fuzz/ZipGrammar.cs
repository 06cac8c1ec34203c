using System.Buffers.Binary;
using EdgeRuntime.Bundles.Zip;

namespace EdgeRuntime.Bundles.Tests.Fuzz;

/// <summary>Archives with a directory like that of a bundle, whose fields lie: sizes of a bomb, names that climb, wrong counts and offsets.</summary>
internal static class ZipGrammar
{
    private const int Largest = 1 << 16;
    private static readonly string[] Names = ["a", "b/c", "manifest.json", "manifest.sig", "variants/fp32/model.onnx", "../x", "/x", "x/", "B/C", "x.so", "é", new('n', 201)];
    private static readonly long[] Sizes = [0, 1, 100, 4095, 4096, 5000, uint.MaxValue - 1L, uint.MaxValue, 1L << 40, (1L << 50) - 1];
    private static readonly ulong[] Lies = [0, 1, 0xffff, 0xffffffff, 0x7fffffffffffffff, 0xffffffffffffffff, 46, 22];

    public static byte[] Archive(Random random)
    {
        var entries = new List<ZipEntry>();
        for (var count = random.Next(5); count > 0; count--)
            entries.Add(new ZipEntry(Names[random.Next(Names.Length)], Sizes[random.Next(random.Next(2) == 0 ? 6 : Sizes.Length)], (uint)random.Next()));
        if (random.Next(4) > 0) entries = [.. entries.DistinctBy(entry => entry.Name).OrderBy(entry => entry.Name, StringComparer.Ordinal)];
        var layout = new ZipLayout(entries);
        var directory = layout.Directory();
        if (random.Next(2) == 0) Lie(random, directory);
        var content = new byte[(int)Math.Min(layout.DirectoryOffset, Largest)];
        for (var i = 0; i < entries.Count && layout.DataOffset(i) <= content.Length; i++) layout.LocalHeader(i).CopyTo(content, layout.HeaderOffset(i));
        byte[] archive = [.. content, .. directory];
        return random.Next(3) == 0 ? Mutation.Bytes(random, archive) : archive;
    }

    private static void Lie(Random random, byte[] directory)
    {
        Span<byte> lie = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(lie, Lies[random.Next(Lies.Length)]);
        var at = random.Next(directory.Length);
        lie[..Math.Min(1 << random.Next(4), directory.Length - at)].CopyTo(directory.AsSpan(at));
    }
}
