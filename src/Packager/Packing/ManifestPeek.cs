using System.IO.Compression;
using EdgeRuntime.Bundles;

namespace EdgeRuntime.Packaging.Packing;

/// <summary>Reads the manifest of a bundle without checking who signed it: to be shown to a person, and for nothing else.</summary>
internal static class ManifestPeek
{
    private const string Entry = "manifest.json";

    /// <exception cref="PackagerException">It is no bundle.</exception>
    /// <exception cref="BundleException">Its manifest is not valid.</exception>
    public static Manifest Read(string path)
    {
        if (!File.Exists(path)) throw new PackagerException($"{path}: no such bundle");
        try
        {
            using var archive = ZipFile.OpenRead(path);
            var entry = archive.GetEntry(Entry) ?? throw new PackagerException($"{path}: not a bundle: no {Entry}");
            if (entry.Length > ManifestJson.MaximumSize) throw new PackagerException($"{path}: {Entry} has {new ByteCount(entry.Length)}, over the limit of {new ByteCount(ManifestJson.MaximumSize)}");
            var bytes = new byte[entry.Length];
            using var content = entry.Open();
            content.ReadExactly(bytes);
            return ManifestJson.Read(bytes);
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
        {
            throw new PackagerException($"{path}: not a bundle: {error.Message}", error);
        }
    }
}
