using System.Buffers.Binary;
using System.Text;

namespace EdgeRuntime.Bundles.Zip;

/// <summary>
/// The canonical ZIP: for a list of entries in ordinal order there is exactly one sequence of headers, padding and directory, which the
/// writer writes and the reader demands byte for byte. Entries are stored; times are 1980-01-01; an entry of a page or more
/// starts on a page, so that a device could map it; ZIP64 fields stand exactly where a 32-bit one cannot hold the value.
/// Source: APPNOTE 6.3.9, sections 4.3.7, 4.3.12, 4.3.14-16, 4.5.3.
/// </summary>
internal sealed class ZipLayout
{
    public const int PageSize = 4096;

    internal const uint LocalSignature = 0x04034b50, CentralSignature = 0x02014b50, EndSignature = 0x06054b50;
    private const uint End64Signature = 0x06064b50, Locator64Signature = 0x07064b50;
    private const ushort PaddingField = 0xd935, Zip64Field = 1, Utf8Names = 0x0800, FirstOfJanuary1980 = 0x0021;
    private const ushort VersionStored = 20, VersionZip64 = 45;
    private const int LocalFixed = 30, PaddingFieldHeader = 6;

    private readonly IReadOnlyList<ZipEntry> _entries;
    private readonly long[] _headers, _data;

    public ZipLayout(IReadOnlyList<ZipEntry> entries)
    {
        _entries = entries;
        _headers = new long[entries.Count];
        _data = new long[entries.Count];
        long position = 0;
        for (var i = 0; i < entries.Count; i++)
        {
            _headers[i] = position;
            _data[i] = position + LocalHeaderSize(entries[i], position);
            position = checked(_data[i] + entries[i].Size);
        }
        DirectoryOffset = position;
    }

    public long DirectoryOffset { get; }

    public long DataOffset(int entry) => _data[entry];

    public long HeaderOffset(int entry) => _headers[entry];

    public byte[] LocalHeader(int index)
    {
        var entry = _entries[index];
        var name = Encoding.ASCII.GetBytes(entry.Name);
        var buffer = new byte[_data[index] - _headers[index]];
        var big = IsBig(entry.Size);
        var writer = new LittleEndianWriter(buffer);
        writer.UInt32(LocalSignature);
        Common(ref writer, entry, big, name.Length, buffer.Length - LocalFixed - name.Length);
        writer.Bytes(name);
        if (big)
        {
            writer.UInt16(Zip64Field);
            writer.UInt16(16);
            writer.UInt64((ulong)entry.Size);
            writer.UInt64((ulong)entry.Size);
        }
        if (writer.Left > 0)
        {
            writer.UInt16(PaddingField);
            writer.UInt16((ushort)(writer.Left - 2));
            writer.UInt16(PageSize);
        }
        return buffer;
    }

    /// <summary>The central directory and the records after it: everything from <see cref="DirectoryOffset"/> to the end of the file.</summary>
    public byte[] Directory()
    {
        using var stream = new MemoryStream();
        for (var i = 0; i < _entries.Count; i++) stream.Write(CentralHeader(i));
        stream.Write(End(stream.Length));
        return stream.ToArray();
    }

    private byte[] CentralHeader(int index)
    {
        var entry = _entries[index];
        var name = Encoding.ASCII.GetBytes(entry.Name);
        var bigSize = IsBig(entry.Size);
        var bigOffset = IsBig(_headers[index]);
        var extra = bigSize || bigOffset ? 4 + (bigSize ? 16 : 0) + (bigOffset ? 8 : 0) : 0;
        var buffer = new byte[46 + name.Length + extra];
        var writer = new LittleEndianWriter(buffer);
        writer.UInt32(CentralSignature);
        writer.UInt16(bigSize || bigOffset ? VersionZip64 : VersionStored);
        Common(ref writer, entry, bigSize, name.Length, extra, bigSize || bigOffset);
        writer.UInt16(0);
        writer.UInt16(0);
        writer.UInt16(0);
        writer.UInt32(0);
        writer.UInt32(bigOffset ? uint.MaxValue : (uint)_headers[index]);
        writer.Bytes(name);
        if (extra == 0) return buffer;
        writer.UInt16(Zip64Field);
        writer.UInt16((ushort)(extra - 4));
        if (bigSize)
        {
            writer.UInt64((ulong)entry.Size);
            writer.UInt64((ulong)entry.Size);
        }
        if (bigOffset) writer.UInt64((ulong)_headers[index]);
        return buffer;
    }

    private byte[] End(long directorySize)
    {
        var big = IsBig(DirectoryOffset) || _entries.Count >= ushort.MaxValue;
        var buffer = new byte[(big ? 56 + 20 : 0) + 22];
        var writer = new LittleEndianWriter(buffer);
        if (big) End64(ref writer, directorySize);
        writer.UInt32(EndSignature);
        writer.UInt16(0);
        writer.UInt16(0);
        var count = big ? ushort.MaxValue : (ushort)_entries.Count;
        writer.UInt16(count);
        writer.UInt16(count);
        writer.UInt32(big ? uint.MaxValue : (uint)directorySize);
        writer.UInt32(big ? uint.MaxValue : (uint)DirectoryOffset);
        writer.UInt16(0);
        return buffer;
    }

    private void End64(ref LittleEndianWriter writer, long directorySize)
    {
        writer.UInt32(End64Signature);
        writer.UInt64(44);
        writer.UInt16(VersionZip64);
        writer.UInt16(VersionZip64);
        writer.UInt32(0);
        writer.UInt32(0);
        writer.UInt64((ulong)_entries.Count);
        writer.UInt64((ulong)_entries.Count);
        writer.UInt64((ulong)directorySize);
        writer.UInt64((ulong)DirectoryOffset);
        writer.UInt32(Locator64Signature);
        writer.UInt32(0);
        writer.UInt64((ulong)(DirectoryOffset + directorySize));
        writer.UInt32(1);
    }

    private static void Common(ref LittleEndianWriter writer, ZipEntry entry, bool big, int nameLength, int extraLength, bool? version64 = null)
    {
        writer.UInt16(version64 ?? big ? VersionZip64 : VersionStored);
        writer.UInt16(Utf8Names);
        writer.UInt16(0);
        writer.UInt16(0);
        writer.UInt16(FirstOfJanuary1980);
        writer.UInt32(entry.Crc);
        writer.UInt32(big ? uint.MaxValue : (uint)entry.Size);
        writer.UInt32(big ? uint.MaxValue : (uint)entry.Size);
        writer.UInt16((ushort)nameLength);
        writer.UInt16((ushort)extraLength);
    }

    private static int LocalHeaderSize(ZipEntry entry, long position)
    {
        var size = LocalFixed + entry.Name.Length + (IsBig(entry.Size) ? 20 : 0);
        if (entry.Size < PageSize) return size;
        var padding = (int)((PageSize - ((position + size) % PageSize)) % PageSize);
        if (padding == 0) return size;
        return size + (padding >= PaddingFieldHeader ? padding : padding + PageSize);
    }

    private static bool IsBig(long value) => value >= uint.MaxValue;

    private ref struct LittleEndianWriter(Span<byte> buffer)
    {
        private Span<byte> _rest = buffer;

        public readonly int Left => _rest.Length;

        public void UInt16(ushort value)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(_rest, value);
            _rest = _rest[2..];
        }

        public void UInt32(uint value)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(_rest, value);
            _rest = _rest[4..];
        }

        public void UInt64(ulong value)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(_rest, value);
            _rest = _rest[8..];
        }

        public void Bytes(ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(_rest);
            _rest = _rest[bytes.Length..];
        }
    }
}
