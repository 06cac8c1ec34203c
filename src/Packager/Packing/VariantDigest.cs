using System.Security.Cryptography;
using System.Text;
using EdgeRuntime.Bundles;

namespace EdgeRuntime.Packaging.Packing;

/// <summary>What names a variant's files as a whole: SHA-256 over the name, size and SHA-256 of each, in the order of names.</summary>
internal static class VariantDigest
{
    public static Sha256Digest Of(string folder)
    {
        var files = Directory.GetFiles(folder).OrderBy(Path.GetFileName, StringComparer.Ordinal);
        return Sha256Digest.Of(Encoding.UTF8.GetBytes(string.Join('\n', files.Select(Line))));
    }

    private static string Line(string path)
    {
        using var file = File.OpenRead(path);
        return $"{Path.GetFileName(path)} {file.Length} {Convert.ToHexStringLower(SHA256.HashData(file))}";
    }
}
