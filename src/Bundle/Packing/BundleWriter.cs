using EdgeRuntime.Bundles.Packing;
using EdgeRuntime.Bundles.Trust;
using EdgeRuntime.Bundles.Zip;

namespace EdgeRuntime.Bundles;

/// <summary>
/// Packs files into a bundle. The same files and manifest give the same bytes, manifest.sig excepted (ECDSA signs with chance).
/// The output appears under its name only when it is whole.
/// </summary>
public sealed class BundleWriter
{
    private readonly SortedDictionary<string, PackedEntry> _entries = new(StringComparer.Ordinal);

    /// <summary>Adds a file under an entry name. It is read when the bundle is written.</summary>
    public void Add(string name, string path)
    {
        using var data = File.OpenRead(path);
        var (info, crc) = ZipDigest.Of(data);
        Add(name, info, crc, () => File.OpenRead(path));
    }

    public void Add(string name, byte[] content)
    {
        var info = new EntryInfo(content.Length, Sha256Digest.Of(content));
        Add(name, info, Crc32.Of(content), () => new MemoryStream(content, writable: false));
    }

    /// <summary>Sizes and digests of what was added; what the manifest's entries will be.</summary>
    public IReadOnlyDictionary<string, EntryInfo> Entries => _entries.ToDictionary(entry => entry.Key, entry => entry.Value.Info);

    /// <param name="output">Where the bundle goes; replaced only when it is complete.</param>
    /// <param name="manifest">Its entries are those that were added, whatever it says.</param>
    /// <param name="keys">At least one.</param>
    /// <param name="progress">Called with bytes done and bytes in all.</param>
    /// <returns>The identity of the bundle.</returns>
    /// <exception cref="BundleException">The manifest is invalid, a file changed meanwhile, or there is no key.</exception>
    public Sha256Digest Write(string output, Manifest manifest, IReadOnlyList<SigningKey> keys, Action<long, long>? progress = null)
    {
        if (keys.Count == 0) throw new BundleException(BundleError.NoTrust, "a bundle is signed by at least one key, none was given");
        var manifestBytes = ManifestJson.Write(manifest with { Entries = Entries });
        var signatures = keys.Select(key => new ManifestSignature(key.PublicKey.Id, key.PublicKey.Algorithm, key.Sign(manifestBytes)));
        var all = new SortedDictionary<string, PackedEntry>(_entries, StringComparer.Ordinal)
        {
            [EntryNames.Manifest] = PackedEntry.Of(manifestBytes),
            [EntryNames.Signatures] = PackedEntry.Of(SignatureFile.Write(signatures)),
        };
        WriteWhole(output, all, progress);
        return Sha256Digest.Of(manifestBytes);
    }

    internal static void WriteTo(Stream stream, SortedDictionary<string, PackedEntry> entries, Action<long, long>? progress)
    {
        var total = entries.Values.Sum(entry => entry.Info.Size);
        long done = 0;
        var list = entries.Select(entry => new ZipEntry(entry.Key, entry.Value.Info.Size, entry.Value.Crc)).ToList();
        StoredZipWriter.Write(stream, list, entry => entries[entry.Name].Open(), count => progress?.Invoke(done += count, total));
    }

    private static void WriteWhole(string output, SortedDictionary<string, PackedEntry> entries, Action<long, long>? progress)
    {
        var staging = output + ".partial";
        try
        {
            using (var stream = new FileStream(staging, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
            {
                WriteTo(stream, entries, progress);
                stream.Flush(flushToDisk: true);
            }
            File.Move(staging, output, overwrite: true);
        }
        finally
        {
            File.Delete(staging);
        }
    }

    private void Add(string name, EntryInfo info, uint crc, Func<Stream> open)
    {
        EntryNames.Require(name);
        if (!_entries.TryAdd(name, new PackedEntry(info, crc, open)))
            throw new BundleException(BundleError.InvalidName, $"entry '{name}' was added twice");
    }
}
