namespace EdgeRuntime.Bundles;

/// <summary>How a manifest is signed.</summary>
public enum SignatureAlgorithm
{
    /// <summary>ECDSA over P-256 with SHA-256, r and s of 32 bytes each (IEEE P1363).</summary>
    EcdsaP256,

    /// <summary>Ed25519 (RFC 8032), by OpenSSL's libcrypto.</summary>
    Ed25519,
}
