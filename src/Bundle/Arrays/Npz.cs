using System.IO.Compression;
using EdgeRuntime.Bundles.Arrays;
using EdgeRuntime.Bundles.Zip;

namespace EdgeRuntime.Bundles;

/// <summary>NumPy's .npz: a ZIP of .npy members, stored or deflated. Reading is bounded; writing the same arrays gives the same bytes.</summary>
public static class Npz
{
    public const int MaximumArrays = 1024;
    private const string Suffix = ".npy";

    /// <param name="file">A seekable stream at the archive's start.</param>
    /// <param name="maximumBytes">Limit for the sum of all members, unpacked.</param>
    /// <exception cref="BundleException">Not an .npz, or over a limit; the message names the array.</exception>
    public static IReadOnlyList<NamedArray> Read(Stream file, ByteCount maximumBytes)
    {
        try
        {
            using var archive = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            if (archive.Entries.Count > MaximumArrays)
                throw new BundleException(BundleError.LimitExceeded, $"the archive holds {archive.Entries.Count} arrays, over the limit of {MaximumArrays}");
            var left = maximumBytes.Bytes;
            var names = new HashSet<string>(StringComparer.Ordinal);
            var arrays = new List<NamedArray>(archive.Entries.Count);
            foreach (var entry in archive.Entries)
            {
                var name = entry.FullName.EndsWith(Suffix, StringComparison.Ordinal) ? entry.FullName[..^Suffix.Length] : entry.FullName;
                if (!names.Add(name)) throw new BundleException(BundleError.InvalidArray, $"array '{Identifier.Quote(name)}' stands twice in the archive");
                var bytes = Unpack(entry, left, maximumBytes);
                left -= bytes.Length;
                arrays.Add(NpyFormat.Read(name, bytes));
            }
            return arrays;
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException or IOException or ArgumentException or OverflowException or NotSupportedException)
        {
            throw new BundleException(BundleError.InvalidArray, $"not a readable .npz: {Identifier.Quote(error.Message)}", error);
        }
    }

    /// <summary>As <see cref="Read(Stream, ByteCount)"/>, of a file; errors name it.</summary>
    public static IReadOnlyList<NamedArray> ReadFile(string path, ByteCount maximumBytes)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return Read(file, maximumBytes);
        }
        catch (BundleException error)
        {
            throw new BundleException(error.Error, $"{path}: {error.Message}", error);
        }
    }

    public static byte[] Write(IEnumerable<NamedArray> arrays)
    {
        var members = arrays.ToDictionary(array => array.Name + Suffix, NpyFormat.Write);
        var entries = members.Select(member => new ZipEntry(member.Key, member.Value.Length, Crc32.Of(member.Value)))
            .OrderBy(entry => entry.Name, StringComparer.Ordinal).ToList();
        using var output = new MemoryStream();
        StoredZipWriter.Write(output, entries, entry => new MemoryStream(members[entry.Name], writable: false));
        return output.ToArray();
    }

    private static byte[] Unpack(ZipArchiveEntry entry, long left, ByteCount limit)
    {
        if (entry.Length > left || entry.Length > Array.MaxLength)
            throw new BundleException(BundleError.LimitExceeded, $"array '{Identifier.Quote(entry.FullName)}' has {new ByteCount(entry.Length)}, over what is left of the limit of {limit}");
        using var data = entry.Open();
        using var bytes = new MemoryStream((int)Math.Min(entry.Length, 1 << 20));
        var buffer = new byte[64 << 10];
        for (int count; (count = data.Read(buffer)) > 0;)
        {
            if (bytes.Length + count > entry.Length)
                throw new BundleException(BundleError.InvalidArray, $"array '{Identifier.Quote(entry.FullName)}' is longer than its stated {entry.Length} bytes");
            bytes.Write(buffer, 0, count);
        }
        return bytes.ToArray();
    }
}
