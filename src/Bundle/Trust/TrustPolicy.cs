namespace EdgeRuntime.Bundles;

/// <summary>Whose signatures count, and how many of them a manifest needs. There is no policy that trusts nobody or asks for nothing.</summary>
public sealed class TrustPolicy
{
    private const int MaximumKeys = 64;

    /// <exception cref="BundleException">No keys, or a threshold that they cannot meet.</exception>
    public TrustPolicy(IReadOnlyList<PublicKey> keys, int threshold = 1)
    {
        if (keys.Count is 0 or > MaximumKeys) throw new BundleException(BundleError.NoTrust, $"{keys.Count} trusted keys, 1 to {MaximumKeys} are needed");
        if (keys.DistinctBy(key => key.Id).Count() != keys.Count) throw new BundleException(BundleError.NoTrust, "a trusted key stands twice");
        if (threshold < 1 || threshold > keys.Count) throw new BundleException(BundleError.NoTrust, $"a threshold of {threshold} signatures with {keys.Count} trusted keys");
        (Keys, Threshold) = (keys, threshold);
    }

    public IReadOnlyList<PublicKey> Keys { get; }

    /// <summary>How many different trusted keys must have signed.</summary>
    public int Threshold { get; }

    /// <summary>Loads key files and folders of <c>*.pub</c>.</summary>
    /// <exception cref="BundleException">A path is missing, a folder holds no key, or a file is no key.</exception>
    public static TrustPolicy Load(IEnumerable<string> paths, int threshold = 1)
    {
        var keys = new Dictionary<Sha256Digest, PublicKey>();
        foreach (var file in paths.SelectMany(Files))
        {
            var key = PublicKey.Load(file);
            keys[key.Id] = key;
        }
        return new TrustPolicy([.. keys.Values], threshold);
    }

    public static TrustPolicy Load(string path, int threshold = 1) => Load([path], threshold);

    private static string[] Files(string path)
    {
        if (!Directory.Exists(path)) return [path];
        var files = Directory.GetFiles(path, "*.pub");
        Array.Sort(files, StringComparer.Ordinal);
        return files.Length > 0 ? files : throw new BundleException(BundleError.NoTrust, $"{path}: no *.pub in the trust folder");
    }
}
