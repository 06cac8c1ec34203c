using System.Security.Cryptography;

namespace EdgeRuntime.Bundles.Trust;

/// <summary>Small PEM files with a block of the expected label.</summary>
internal static class PemFile
{
    public static byte[] Read(string path, string label, int maximumSize)
    {
        var info = new FileInfo(path);
        if (!info.Exists) throw new BundleException(BundleError.InvalidKey, $"{path}: no such file");
        if (info.Length > maximumSize) throw new BundleException(BundleError.InvalidKey, $"{path}: {info.Length} bytes are over the limit of {maximumSize} for a key");
        var text = File.ReadAllText(path);
        if (!PemEncoding.TryFind(text, out var fields) || text[fields.Label] != label)
            throw new BundleException(BundleError.InvalidKey, $"{path}: no PEM block '{label}'");
        return Convert.FromBase64String(text[fields.Base64Data]);
    }
}
