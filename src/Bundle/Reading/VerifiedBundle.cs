using EdgeRuntime.Bundles.Reading;
using EdgeRuntime.Bundles.Trust;
using EdgeRuntime.Bundles.Zip;

namespace EdgeRuntime.Bundles;

/// <summary>
/// A bundle file whose manifest is signed by whom the policy trusts. There is no other way to one than <see cref="Open"/>, which keeps the order
/// of trust: canonical ZIP, signatures over the manifest's bytes, the manifest, then size and digest of each entry as it is read.
/// Owns the file; not thread safe.
/// </summary>
public sealed class VerifiedBundle : IDisposable
{
    private readonly FileStream _file;
    private readonly ZipDirectory _directory;

    private VerifiedBundle(FileStream file, ZipDirectory directory, byte[] manifestBytes, byte[] signatureBytes, IReadOnlyList<Sha256Digest> keyIds)
    {
        (_file, _directory, ManifestBytes, SignatureBytes, KeyIds) = (file, directory, manifestBytes, signatureBytes, keyIds);
        Manifest = ManifestJson.Read(manifestBytes);
        Digest = Sha256Digest.Of(manifestBytes);
    }

    public Manifest Manifest { get; }

    /// <summary>The identity of the bundle: the SHA-256 of manifest.json.</summary>
    public Sha256Digest Digest { get; }

    /// <summary>The trusted keys whose signatures hold.</summary>
    public IReadOnlyList<Sha256Digest> KeyIds { get; }

    /// <summary>Size of the bundle file.</summary>
    public ByteCount Size => new(_file.Length);

    internal ReadOnlyMemory<byte> ManifestBytes { get; }

    internal ReadOnlyMemory<byte> SignatureBytes { get; }

    /// <exception cref="BundleException">Anything is not as it must be; nothing of the content was parsed before its signature held.</exception>
    public static VerifiedBundle Open(string path, TrustPolicy policy)
    {
        var file = OpenFile(path);
        try
        {
            var directory = ZipDirectory.Read(file);
            var manifest = ReadRaw(file, directory, EntryNames.Manifest, ManifestJson.MaximumSize);
            var signatures = ReadRaw(file, directory, EntryNames.Signatures, SignatureFile.MaximumSize);
            var keys = SignatureFile.Verify(manifest, signatures, policy);
            var bundle = new VerifiedBundle(file, directory, manifest, signatures, keys);
            bundle.RequireSameEntries();
            return bundle;
        }
        catch (BundleException error)
        {
            file.Dispose();
            throw new BundleException(error.Error, $"{path}: {error.Message}", error);
        }
        catch (IOException error)
        {
            file.Dispose();
            throw new BundleException(BundleError.Storage, $"{path}: {error.Message}", error);
        }
    }

    /// <summary>An entry's bytes, checked while they are read: the last read throws where size or digest differ.</summary>
    public Stream OpenEntry(string name)
    {
        if (!Manifest.Entries.TryGetValue(name, out var info) || !_directory.TryFind(name, out var entry, out var offset))
            throw new BundleException(BundleError.MissingEntry, $"bundle '{Manifest.Name}' has no entry '{Identifier.Quote(name)}'");
        return new VerifyingStream(_file, offset, entry, info.Sha256);
    }

    /// <summary>A small entry, whole and verified.</summary>
    /// <exception cref="BundleException">It is larger than <paramref name="maximum"/>, or its digest differs.</exception>
    public byte[] ReadEntry(string name, ByteCount maximum)
    {
        using var stream = OpenEntry(name);
        if (stream.Length > maximum.Bytes)
            throw new BundleException(BundleError.LimitExceeded, $"entry '{name}' has {new ByteCount(stream.Length)}, over the limit of {maximum}");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return stream.ReadByte() < 0 ? bytes : throw new BundleException(BundleError.DigestMismatch, $"entry '{name}' is longer than stated");
    }

    /// <summary>Reads every entry to its end.</summary>
    /// <param name="progress">Called with bytes done and bytes in all.</param>
    public void VerifyAll(Action<long, long>? progress = null)
    {
        var total = Manifest.Entries.Values.Sum(entry => entry.Size);
        long done = 0;
        var buffer = new byte[1 << 20];
        foreach (var name in Manifest.Entries.Keys)
        {
            using var stream = OpenEntry(name);
            for (int count; (count = stream.Read(buffer)) > 0;) progress?.Invoke(done += count, total);
        }
    }

    public void Dispose() => _file.Dispose();

    private static FileStream OpenFile(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BundleException(BundleError.NotABundle, $"{path}: {error.Message}", error);
        }
    }

    private static byte[] ReadRaw(Stream file, ZipDirectory directory, string name, int maximum)
    {
        if (!directory.TryFind(name, out var entry, out var offset)) throw new BundleException(BundleError.MissingEntry, $"not a bundle: no {name}");
        if (entry.Size > maximum) throw new BundleException(BundleError.LimitExceeded, $"{name} has {new ByteCount(entry.Size)}, over the limit of {new ByteCount(maximum)}");
        var bytes = new byte[entry.Size];
        file.Position = offset;
        file.ReadExactly(bytes);
        return Crc32.Of(bytes) == entry.Crc ? bytes : throw new BundleException(BundleError.DigestMismatch, $"the checksum of {name} is not the directory's");
    }

    private void RequireSameEntries()
    {
        foreach (var entry in _directory.Entries)
        {
            if (entry.Name is EntryNames.Manifest or EntryNames.Signatures) continue;
            if (!Manifest.Entries.TryGetValue(entry.Name, out var info))
                throw new BundleException(BundleError.UnexpectedEntry, $"entry '{entry.Name}' is not in the manifest");
            if (info.Size != entry.Size)
                throw new BundleException(BundleError.DigestMismatch, $"entry '{entry.Name}' has {entry.Size} bytes, the manifest states {info.Size}");
        }
        foreach (var name in Manifest.Entries.Keys)
            if (!_directory.TryFind(name, out _, out _)) throw new BundleException(BundleError.MissingEntry, $"entry '{name}' of the manifest is missing");
    }
}
