using EdgeRuntime.Bundles.Packing;
using EdgeRuntime.Bundles.Trust;
using EdgeRuntime.Bundles.Zip;

namespace EdgeRuntime.Bundles;

/// <summary>A bundle unpacked in the store. Its manifest's signatures hold and its files have the stated sizes; content was verified when it was installed.</summary>
public sealed class InstalledBundle
{
    private InstalledBundle(string folder, Manifest manifest, Sha256Digest digest) => (Folder, Manifest, Digest) = (folder, manifest, digest);

    /// <summary>ROOT/bundles/NAME/DIGEST, absolute.</summary>
    public string Folder { get; }

    public Manifest Manifest { get; }

    public Sha256Digest Digest { get; }

    /// <summary>The absolute path of an entry of the manifest.</summary>
    /// <exception cref="BundleException">There is no such entry.</exception>
    public string PathOf(string entry) => Manifest.Entries.ContainsKey(entry)
        ? Path.Combine(Folder, entry)
        : throw new BundleException(BundleError.MissingEntry, $"bundle '{Manifest.Name}' has no entry '{Identifier.Quote(entry)}'");

    /// <summary>A digest of everything that makes up a variant: its model and the files beside it.</summary>
    public Sha256Digest VariantDigest(string variantId)
    {
        var folder = Path.GetDirectoryName(Manifest.Variant(variantId).Path) + "/";
        var text = string.Join('\n', Manifest.Entries.Where(entry => entry.Key.StartsWith(folder, StringComparison.Ordinal))
            .OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{entry.Key} {entry.Value.Size} {entry.Value.Sha256}"));
        return Sha256Digest.Of(System.Text.Encoding.UTF8.GetBytes(text));
    }

    /// <summary>A small entry, whole; its digest is checked, since it is about to be parsed.</summary>
    /// <exception cref="BundleException">It is larger than <paramref name="maximum"/>, missing or altered.</exception>
    public byte[] ReadEntry(string entry, ByteCount maximum)
    {
        var path = PathOf(entry);
        var info = Manifest.Entries[entry];
        if (info.Size > maximum.Bytes) throw new BundleException(BundleError.LimitExceeded, $"entry '{entry}' has {new ByteCount(info.Size)}, over the limit of {maximum}");
        var bytes = Reading(path, () => File.ReadAllBytes(path));
        return Sha256Digest.Of(bytes) == info.Sha256 ? bytes : throw Altered(entry);
    }

    /// <summary>Reads every file again and compares digests.</summary>
    /// <exception cref="BundleException">A file was altered or is missing; the message names it.</exception>
    public void VerifyEntries(CancellationToken cancellation = default)
    {
        foreach (var (entry, info) in Manifest.Entries)
        {
            cancellation.ThrowIfCancellationRequested();
            using var file = Reading(entry, () => File.OpenRead(PathOf(entry)));
            if (file.Length != info.Size || Sha256Digest.Of(file) != info.Sha256) throw Altered(entry);
        }
    }

    /// <summary>Writes the bundle file that this folder came from, byte for byte.</summary>
    public void Pack(Stream output)
    {
        var entries = new SortedDictionary<string, PackedEntry>(StringComparer.Ordinal);
        foreach (var name in Manifest.Entries.Keys.Append(EntryNames.Manifest).Append(EntryNames.Signatures))
        {
            var path = Path.Combine(Folder, name);
            using var data = File.OpenRead(path);
            var (info, crc) = ZipDigest.Of(data);
            entries.Add(name, new PackedEntry(info, crc, () => File.OpenRead(path)));
        }
        BundleWriter.WriteTo(output, entries, null);
    }

    internal static InstalledBundle Open(string folder, Sha256Digest digest, TrustPolicy trust)
    {
        if (!Directory.Exists(folder)) throw new BundleException(BundleError.NotInstalled, $"no bundle {digest} in {Path.GetDirectoryName(folder)}");
        var bytes = Small(folder, EntryNames.Manifest, ManifestJson.MaximumSize);
        if (Sha256Digest.Of(bytes) != digest) throw new BundleException(BundleError.StoreDamaged, $"{folder}: {EntryNames.Manifest} is not the one of this digest");
        SignatureFile.Verify(bytes, Small(folder, EntryNames.Signatures, SignatureFile.MaximumSize), trust);
        var bundle = new InstalledBundle(folder, ManifestJson.Read(bytes), digest);
        foreach (var (entry, info) in bundle.Manifest.Entries)
        {
            var file = new FileInfo(Path.Combine(folder, entry));
            if (!file.Exists || file.LinkTarget is not null || file.Length != info.Size)
                throw new BundleException(BundleError.StoreDamaged, $"{folder}: entry '{entry}' is missing, a link, or not of its {info.Size} bytes");
        }
        return bundle;
    }

    private static byte[] Small(string folder, string name, int maximum)
    {
        var file = new FileInfo(Path.Combine(folder, name));
        if (!file.Exists || file.LinkTarget is not null || file.Length > maximum)
            throw new BundleException(BundleError.StoreDamaged, $"{file.FullName} is missing, a link, or over {maximum} bytes");
        return Reading(file.FullName, () => File.ReadAllBytes(file.FullName));
    }

    private static T Reading<T>(string what, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BundleException(BundleError.StoreDamaged, $"{what}: {error.Message}", error);
        }
    }

    private BundleException Altered(string entry) => new(BundleError.StoreDamaged, $"{Folder}: entry '{entry}' is not the one that was installed");
}
