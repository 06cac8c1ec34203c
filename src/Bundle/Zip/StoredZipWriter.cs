namespace EdgeRuntime.Bundles.Zip;

/// <summary>Writes the canonical ZIP of entries whose size and checksum are known, in one pass.</summary>
internal static class StoredZipWriter
{
    private const int BufferSize = 1 << 20;

    /// <param name="output">Gets the archive; need not be seekable.</param>
    /// <param name="entries">In ordinal order of their names.</param>
    /// <param name="open">Opens an entry's data; exactly its stated size is read.</param>
    /// <param name="written">Called with the number of bytes written since the last call.</param>
    public static void Write(Stream output, IReadOnlyList<ZipEntry> entries, Func<ZipEntry, Stream> open, Action<int>? written = null)
    {
        var layout = new ZipLayout(entries);
        var buffer = new byte[BufferSize];
        for (var i = 0; i < entries.Count; i++)
        {
            output.Write(layout.LocalHeader(i));
            using var data = open(entries[i]);
            Copy(data, output, entries[i], buffer, written);
        }
        output.Write(layout.Directory());
    }

    private static void Copy(Stream data, Stream output, ZipEntry entry, byte[] buffer, Action<int>? written)
    {
        var crc = Crc32.Start();
        for (var left = entry.Size; left > 0;)
        {
            var count = data.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
            if (count == 0) throw new BundleException(BundleError.Storage, $"entry '{entry.Name}' ended {left} bytes before its {entry.Size}");
            crc.Append(buffer.AsSpan(0, count));
            output.Write(buffer, 0, count);
            left -= count;
            written?.Invoke(count);
        }
        if (crc.Value != entry.Crc) throw new BundleException(BundleError.Storage, $"entry '{entry.Name}' changed while it was packed");
    }
}
