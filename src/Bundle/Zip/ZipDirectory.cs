using System.Buffers.Binary;
using System.Text;

namespace EdgeRuntime.Bundles.Zip;

/// <summary>
/// The minimal, bounded reader of the canonical ZIP. It takes names, sizes and checksums from the central directory, derives from them the
/// only layout there is, and refuses a file whose headers, padding or directory differ in one byte.
/// </summary>
internal sealed class ZipDirectory
{
    private const int EndSize = 22, End64Size = 56 + 20, CentralFixed = 46, MaximumDirectory = 2 << 20;

    private readonly ZipLayout _layout;
    private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);

    private ZipDirectory(IReadOnlyList<ZipEntry> entries)
    {
        Entries = entries;
        _layout = new ZipLayout(entries);
        for (var i = 0; i < entries.Count; i++) _index.Add(entries[i].Name, i);
    }

    public IReadOnlyList<ZipEntry> Entries { get; }

    /// <exception cref="BundleException">Not a canonical ZIP.</exception>
    public static ZipDirectory Read(Stream file)
    {
        var length = file.Length;
        if (length < EndSize) throw new BundleException(BundleError.NotABundle, $"not a bundle: {length} bytes are fewer than the {EndSize} of the end record");
        var tail = Bytes(file, Math.Max(0, length - EndSize - End64Size), (int)Math.Min(length, EndSize + End64Size));
        var offset = DirectoryOffset(tail, length);
        if (length - offset > MaximumDirectory)
            throw new BundleException(BundleError.LimitExceeded, $"the bundle's directory has {new ByteCount(length - offset)}, over the limit of {new ByteCount(MaximumDirectory)}");
        var stored = Bytes(file, offset, (int)(length - offset));
        var directory = new ZipDirectory(ReadEntries(stored));
        directory.RequireCanonical(file, offset, stored);
        return directory;
    }

    public bool TryFind(string name, out ZipEntry entry, out long dataOffset)
    {
        if (!_index.TryGetValue(name, out var index))
        {
            (entry, dataOffset) = (default, 0);
            return false;
        }
        (entry, dataOffset) = (Entries[index], _layout.DataOffset(index));
        return true;
    }

    private static long DirectoryOffset(ReadOnlySpan<byte> tail, long length)
    {
        var end = tail[^EndSize..];
        if (BinaryPrimitives.ReadUInt32LittleEndian(end) != ZipLayout.EndSignature)
            throw new BundleException(BundleError.NotABundle, "not a bundle: the file does not close with the end record of a ZIP without comment");
        long offset = BinaryPrimitives.ReadUInt32LittleEndian(end[16..]);
        if (offset == uint.MaxValue && tail.Length == EndSize + End64Size) offset = BinaryPrimitives.ReadInt64LittleEndian(tail[48..]);
        return offset >= 0 && offset <= length - EndSize
            ? offset
            : throw new BundleException(BundleError.NotABundle, $"not a bundle: its directory would start at {offset} of {length} bytes");
    }

    private static List<ZipEntry> ReadEntries(ReadOnlySpan<byte> directory)
    {
        var entries = new List<ZipEntry>();
        while (directory.Length >= CentralFixed && BinaryPrimitives.ReadUInt32LittleEndian(directory) == ZipLayout.CentralSignature)
        {
            if (entries.Count >= EntryNames.MaximumCount)
                throw new BundleException(BundleError.LimitExceeded, $"the bundle has over {EntryNames.MaximumCount} entries, which is the limit");
            var nameLength = BinaryPrimitives.ReadUInt16LittleEndian(directory[28..]);
            var extraLength = BinaryPrimitives.ReadUInt16LittleEndian(directory[30..]);
            if (nameLength > EntryNames.MaximumLength || CentralFixed + nameLength + extraLength > directory.Length)
                throw new BundleException(BundleError.NotCanonical, $"entry {entries.Count} of the bundle's directory has a name of {nameLength} bytes, over the limit of {EntryNames.MaximumLength} or the end");
            var name = Encoding.ASCII.GetString(directory.Slice(CentralFixed, nameLength));
            EntryNames.Require(name);
            if (entries.Count > 0 && string.CompareOrdinal(entries[^1].Name, name) >= 0)
                throw new BundleException(BundleError.NotCanonical, $"entry '{name}' repeats or is out of order after '{entries[^1].Name}'");
            entries.Add(new ZipEntry(name, Size(directory, nameLength, extraLength), BinaryPrimitives.ReadUInt32LittleEndian(directory[16..])));
            directory = directory[(CentralFixed + nameLength + extraLength)..];
        }
        return entries;
    }

    private static long Size(ReadOnlySpan<byte> header, int nameLength, int extraLength)
    {
        long size = BinaryPrimitives.ReadUInt32LittleEndian(header[24..]);
        if (size == uint.MaxValue && extraLength >= 12) size = BinaryPrimitives.ReadInt64LittleEndian(header[(CentralFixed + nameLength + 4)..]);
        return size is >= 0 and < 1L << 50 ? size : throw new BundleException(BundleError.NotCanonical, $"an entry states a size of {size} bytes");
    }

    private void RequireCanonical(Stream file, long offset, ReadOnlySpan<byte> stored)
    {
        if (_layout.DirectoryOffset != offset || !stored.SequenceEqual(_layout.Directory()))
            throw new BundleException(BundleError.NotCanonical, "the bundle's directory is not the canonical one of its entries");
        for (var i = 0; i < Entries.Count; i++)
        {
            var expected = _layout.LocalHeader(i);
            if (!Bytes(file, _layout.HeaderOffset(i), expected.Length).AsSpan().SequenceEqual(expected))
                throw new BundleException(BundleError.NotCanonical, $"the header of entry '{Entries[i].Name}' is not the canonical one");
        }
    }

    private static byte[] Bytes(Stream file, long offset, int count)
    {
        var bytes = new byte[count];
        file.Position = offset;
        try
        {
            file.ReadExactly(bytes);
        }
        catch (EndOfStreamException error)
        {
            throw new BundleException(BundleError.NotABundle, $"the bundle ends before byte {offset + count}", error);
        }
        return bytes;
    }
}
