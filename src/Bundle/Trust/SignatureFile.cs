using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeRuntime.Bundles.Trust;

/// <summary>One signature over the exact bytes of manifest.json.</summary>
internal sealed record ManifestSignature(Sha256Digest KeyId, SignatureAlgorithm Algorithm, byte[] Signature);

/// <summary>manifest.sig. Its bytes are canonical: what does not come back byte for byte when written again is refused.</summary>
internal static class SignatureFile
{
    public const int MaximumSize = 64 << 10;
    private const int MaximumSignatures = 64, MaximumDepth = 4;

    public static byte[] Write(IEnumerable<ManifestSignature> signatures) =>
        [.. JsonSerializer.SerializeToUtf8Bytes(new SignatureList([.. signatures.OrderBy(signature => signature.KeyId)]), SignatureContext.Default.SignatureList), (byte)'\n'];

    public static IReadOnlyList<ManifestSignature> Read(ReadOnlySpan<byte> json)
    {
        try
        {
            StrictJson.Check(json, MaximumDepth);
            var list = JsonSerializer.Deserialize(json, SignatureContext.Default.SignatureList)?.Signatures;
            if (list is null || list.Count is 0 or > MaximumSignatures)
                throw new BundleException(BundleError.InvalidSignature, $"manifest.sig holds {list?.Count ?? 0} signatures, 1 to {MaximumSignatures} are allowed");
            if (!json.SequenceEqual(Write(list))) throw new BundleException(BundleError.InvalidSignature, "manifest.sig is not in its canonical form");
            return list;
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException or NotSupportedException)
        {
            throw new BundleException(BundleError.InvalidSignature, $"manifest.sig: {Identifier.Quote(error.Message)}", error);
        }
    }

    /// <summary>The trusted keys that signed. Every signature by a trusted key has to hold; those of strangers are passed over.</summary>
    /// <exception cref="BundleException">A signature does not hold, or fewer trusted keys signed than the policy asks for.</exception>
    public static IReadOnlyList<Sha256Digest> Verify(ReadOnlySpan<byte> manifest, ReadOnlySpan<byte> signatureFile, TrustPolicy policy)
    {
        var signed = new HashSet<Sha256Digest>();
        foreach (var signature in Read(signatureFile))
        {
            var key = policy.Keys.FirstOrDefault(key => key.Id == signature.KeyId);
            if (key is null) continue;
            if (key.Algorithm != signature.Algorithm || !key.Verify(manifest, signature.Signature))
                throw new BundleException(BundleError.InvalidSignature, $"the signature by key {signature.KeyId.ToString()[..16]} does not hold over manifest.json");
            signed.Add(key.Id);
        }
        if (signed.Count == 0) throw new BundleException(BundleError.UntrustedKey, "manifest.json is signed by none of the trusted keys");
        return signed.Count >= policy.Threshold
            ? [.. signed]
            : throw new BundleException(BundleError.UntrustedKey, $"manifest.json is signed by {signed.Count} trusted keys, {policy.Threshold} are asked for");
    }
}

internal sealed record SignatureList(IReadOnlyList<ManifestSignature> Signatures);

internal sealed class AlgorithmConverter : JsonConverter<SignatureAlgorithm>
{
    private const string Ecdsa = "ecdsa-p256-sha256", Edwards = "ed25519";

    public override SignatureAlgorithm Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString() switch
    {
        Ecdsa => SignatureAlgorithm.EcdsaP256,
        Edwards => SignatureAlgorithm.Ed25519,
        var other => throw new JsonException($"unknown signature algorithm '{Identifier.Quote(other ?? "")}'"),
    };

    public override void Write(Utf8JsonWriter writer, SignatureAlgorithm value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value == SignatureAlgorithm.Ed25519 ? Edwards : Ecdsa);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n",
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    Converters = [typeof(DigestConverter), typeof(AlgorithmConverter)])]
[JsonSerializable(typeof(SignatureList))]
internal sealed partial class SignatureContext : JsonSerializerContext;
