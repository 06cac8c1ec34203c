using System.Security.Cryptography;

namespace EdgeRuntime.Bundles.Zip;

/// <summary>Size, CRC-32 and SHA-256 of data, taken in one reading.</summary>
internal static class ZipDigest
{
    public static (EntryInfo Info, uint Crc) Of(Stream data, Action<int>? read = null)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var crc = Crc32.Start();
        var buffer = new byte[1 << 20];
        long size = 0;
        for (int count; (count = data.Read(buffer)) > 0; size += count)
        {
            sha.AppendData(buffer.AsSpan(0, count));
            crc.Append(buffer.AsSpan(0, count));
            read?.Invoke(count);
        }
        Span<byte> hash = stackalloc byte[Sha256Digest.Size];
        sha.GetHashAndReset(hash);
        return (new EntryInfo(size, new Sha256Digest(hash)), crc.Value);
    }
}
