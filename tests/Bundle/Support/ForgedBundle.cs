using System.Text;
using EdgeRuntime.Bundles.Packing;
using EdgeRuntime.Bundles.Trust;

namespace EdgeRuntime.Bundles.Tests.Support;

/// <summary>A bundle as an attacker would write it: any entries, any manifest, any signatures; the ZIP around them is canonical.</summary>
internal sealed class ForgedBundle : IDisposable
{
    private readonly SmallBundle _small = new();

    public ForgedBundle()
    {
        foreach (var name in Sound.Keys) Entries.Add(name, Sound[name]);
        Manifest = Encoding.UTF8.GetString(ManifestJson.Write(SmallBundle.Manifest() with { Entries = SmallBundle.Content().Entries }));
    }

    private static SortedDictionary<string, byte[]> Sound { get; } = Read();

    public SortedDictionary<string, byte[]> Entries { get; } = new(StringComparer.Ordinal);

    public string Manifest { get; set; }

    public SigningKey Key => _small.Key;

    public TrustPolicy Trust => _small.Trust;

    public string Root => _small.Root;

    /// <summary>Adds an entry to the archive and, as the first, to the manifest.</summary>
    public ForgedBundle With(string name, byte[] content)
    {
        Entries[name] = content;
        Manifest = Manifest.Replace("\"entries\": {", $"\"entries\": {{ \"{name}\": {{ \"size\": {content.Length}, \"sha256\": \"{Sha256Digest.Of(content)}\" }},", StringComparison.Ordinal);
        return this;
    }

    /// <summary>Opens, verifies and installs; what has to be refused is refused by one of them.</summary>
    public BundleException Refused(TrustPolicy? trust = null, params SigningKey[] keys)
    {
        var manifest = Encoding.UTF8.GetBytes(Manifest);
        var signers = keys.Length > 0 ? keys : [Key];
        return RefusedWith(trust ?? Trust, manifest, [.. signers.Select(key => new ManifestSignature(key.PublicKey.Id, key.PublicKey.Algorithm, key.Sign(manifest)))]);
    }

    public BundleException RefusedWith(TrustPolicy trust, byte[] manifest, params ManifestSignature[] signatures)
    {
        var entries = new SortedDictionary<string, PackedEntry>(StringComparer.Ordinal);
        foreach (var (name, content) in Entries) entries.Add(name, PackedEntry.Of(content));
        entries[EntryNames.Manifest] = PackedEntry.Of(manifest);
        entries[EntryNames.Signatures] = PackedEntry.Of(SignatureFile.Write(signatures));
        using (var file = File.Create(_small.Path)) BundleWriter.WriteTo(file, entries, null);
        return RefusedFile(_small.Path, trust);
    }

    public BundleException RefusedFile(string path, TrustPolicy trust)
    {
        var error = Xunit.Assert.Throws<BundleException>(() =>
        {
            using var bundle = VerifiedBundle.Open(path, trust);
            bundle.VerifyAll();
            new BundleStore(Root).Install(bundle, trust);
        });
        Xunit.Assert.False(Directory.Exists(System.IO.Path.Combine(Root, "bundles", "small")), "refused, and yet something was installed");
        return error;
    }

    public string Path => _small.Path;

    public void Dispose() => _small.Dispose();

    private static SortedDictionary<string, byte[]> Read()
    {
        using var small = new SmallBundle().Write();
        using var bundle = VerifiedBundle.Open(small.Path, small.Trust);
        return new SortedDictionary<string, byte[]>(bundle.Manifest.Entries.Keys.ToDictionary(name => name, name => bundle.ReadEntry(name, new ByteCount(1 << 20))), StringComparer.Ordinal);
    }
}
