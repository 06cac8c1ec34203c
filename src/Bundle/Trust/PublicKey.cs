using System.Security.Cryptography;
using EdgeRuntime.Bundles.Trust;

namespace EdgeRuntime.Bundles;

/// <summary>A key that signatures are checked with. Immutable; the id is the SHA-256 of its SubjectPublicKeyInfo.</summary>
public sealed class PublicKey
{
    private const int MaximumFile = 16 << 10;
    private const string P256 = "1.2.840.10045.3.1.7", NotAKey = "neither an ECDSA P-256 nor an Ed25519 public key";
    private static readonly byte[] Ed25519Prefix = Convert.FromHexString("302a300506032b6570032100");

    private readonly byte[] _info;

    private PublicKey(SignatureAlgorithm algorithm, byte[] info) => (Algorithm, _info, Id) = (algorithm, info, Sha256Digest.Of(info));

    public SignatureAlgorithm Algorithm { get; }

    public Sha256Digest Id { get; }

    /// <summary>Reads a PEM file ("PUBLIC KEY").</summary>
    /// <exception cref="BundleException">Not a public key of a known algorithm.</exception>
    public static PublicKey Load(string path) => FromInfo(PemFile.Read(path, "PUBLIC KEY", MaximumFile), path);

    public string ToPem() => PemEncoding.WriteString("PUBLIC KEY", _info);

    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (Algorithm == SignatureAlgorithm.Ed25519) return Ed25519.Verify(_info.AsSpan(Ed25519Prefix.Length), data, signature);
        if (signature.Length != 64) return false;
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(_info, out _);
        return key.VerifyData(data, signature, HashAlgorithmName.SHA256);
    }

    internal static PublicKey FromEd25519(ReadOnlySpan<byte> raw) => new(SignatureAlgorithm.Ed25519, [.. Ed25519Prefix, .. raw]);

    internal static PublicKey FromInfo(byte[] info, string origin)
    {
        if (info.AsSpan().StartsWith(Ed25519Prefix) && info.Length == Ed25519Prefix.Length + Ed25519.KeySize) return new PublicKey(SignatureAlgorithm.Ed25519, info);
        try
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(info, out var read);
            var curve = key.ExportParameters(includePrivateParameters: false).Curve.Oid;
            if (read == info.Length && (curve.Value == P256 || curve.FriendlyName is "nistP256" or "ECDSA_P256"))
                return new PublicKey(SignatureAlgorithm.EcdsaP256, info);
        }
        catch (CryptographicException error)
        {
            throw new BundleException(BundleError.InvalidKey, $"{origin}: {NotAKey}", error);
        }
        throw new BundleException(BundleError.InvalidKey, $"{origin}: {NotAKey}");
    }
}
