using System.Security.Cryptography;
using EdgeRuntime.Bundles.Trust;

namespace EdgeRuntime.Bundles;

/// <summary>A private key that signs manifests; keep it off devices. Files are PEM (PKCS #8), readable by their owner only.</summary>
public sealed class SigningKey
{
    private const int MaximumFile = 16 << 10;
    private static readonly byte[] Ed25519Prefix = Convert.FromHexString("302e020100300506032b657004220420");

    private readonly byte[] _info;

    private SigningKey(byte[] info, PublicKey publicKey) => (_info, PublicKey) = (info, publicKey);

    public PublicKey PublicKey { get; }

    public static SigningKey Generate(SignatureAlgorithm algorithm)
    {
        if (algorithm == SignatureAlgorithm.Ed25519) return FromEd25519(RandomNumberGenerator.GetBytes(Ed25519.KeySize));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return FromInfo(key.ExportPkcs8PrivateKey(), "new key");
    }

    /// <exception cref="BundleException">Not an unencrypted PKCS #8 key of a known algorithm.</exception>
    public static SigningKey Load(string path) => FromInfo(PemFile.Read(path, "PRIVATE KEY", MaximumFile), path);

    /// <summary>Writes <c>NAME.key</c> (mode 0600) and <c>NAME.pub</c>; never overwrites a key.</summary>
    /// <returns>The path of the private key.</returns>
    public string Save(string folder, string name)
    {
        Identifier.Require(name, "key name");
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, name + ".key");
        if (File.Exists(path)) throw new BundleException(BundleError.InvalidKey, $"{path} exists: a key is never overwritten");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
        using (var file = new StreamWriter(new FileStream(path, options))) file.WriteLine(PemEncoding.WriteString("PRIVATE KEY", _info));
        File.WriteAllText(Path.Combine(folder, name + ".pub"), PublicKey.ToPem() + "\n");
        return path;
    }

    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        if (PublicKey.Algorithm == SignatureAlgorithm.Ed25519) return Ed25519.Sign(_info.AsSpan(Ed25519Prefix.Length), data);
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(_info, out _);
        return key.SignData(data, HashAlgorithmName.SHA256);
    }

    private static SigningKey FromEd25519(ReadOnlySpan<byte> raw) =>
        new([.. Ed25519Prefix, .. raw], PublicKey.FromEd25519(Ed25519.PublicFromPrivate(raw)));

    private static SigningKey FromInfo(byte[] info, string origin)
    {
        if (info.AsSpan().StartsWith(Ed25519Prefix) && info.Length == Ed25519Prefix.Length + Ed25519.KeySize) return FromEd25519(info.AsSpan(Ed25519Prefix.Length));
        try
        {
            using var key = ECDsa.Create();
            key.ImportPkcs8PrivateKey(info, out _);
            return new SigningKey(info, PublicKey.FromInfo(key.ExportSubjectPublicKeyInfo(), origin));
        }
        catch (CryptographicException error)
        {
            throw new BundleException(BundleError.InvalidKey, $"{origin}: neither an ECDSA P-256 nor an Ed25519 private key (PKCS #8, unencrypted)", error);
        }
    }
}
