using System.Runtime.InteropServices;

namespace EdgeRuntime.Bundles.Trust;

/// <summary>Ed25519 by libcrypto's EVP interface, which .NET does not offer. Keys are the raw 32 bytes of RFC 8032.</summary>
internal static partial class Ed25519
{
    public const int KeySize = 32, SignatureSize = 64;
    private const int PkeyEd25519 = 1087;
    private const string Library = "libcrypto.so.3";

    public static byte[] PublicFromPrivate(ReadOnlySpan<byte> privateKey)
    {
        using var key = Private(privateKey);
        var bytes = new byte[KeySize];
        nuint length = KeySize;
        Require(EVP_PKEY_get_raw_public_key(key.Pointer, bytes, ref length), "EVP_PKEY_get_raw_public_key");
        return bytes;
    }

    public static byte[] Sign(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> data)
    {
        using var key = Private(privateKey);
        var context = EVP_MD_CTX_new();
        try
        {
            Require(EVP_DigestSignInit(context, 0, 0, 0, key.Pointer), "EVP_DigestSignInit");
            var signature = new byte[SignatureSize];
            nuint length = SignatureSize;
            Require(EVP_DigestSign(context, signature, ref length, data, (nuint)data.Length), "EVP_DigestSign");
            return signature;
        }
        finally
        {
            EVP_MD_CTX_free(context);
        }
    }

    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (publicKey.Length != KeySize || signature.Length != SignatureSize) return false;
        using var key = new Key(EVP_PKEY_new_raw_public_key(PkeyEd25519, 0, publicKey, KeySize));
        if (key.Pointer == 0) return false;
        var context = EVP_MD_CTX_new();
        try
        {
            Require(EVP_DigestVerifyInit(context, 0, 0, 0, key.Pointer), "EVP_DigestVerifyInit");
            return EVP_DigestVerify(context, signature, SignatureSize, data, (nuint)data.Length) == 1;
        }
        finally
        {
            EVP_MD_CTX_free(context);
        }
    }

    private static Key Private(ReadOnlySpan<byte> privateKey)
    {
        if (privateKey.Length != KeySize) throw new BundleException(BundleError.InvalidKey, $"an Ed25519 key has {KeySize} bytes, got {privateKey.Length}");
        var pointer = EVP_PKEY_new_raw_private_key(PkeyEd25519, 0, privateKey, KeySize);
        Require(pointer == 0 ? 0 : 1, "EVP_PKEY_new_raw_private_key");
        return new Key(pointer);
    }

    private static void Require(int result, string call)
    {
        if (result != 1) throw new BundleException(BundleError.InvalidKey, $"libcrypto's {call} failed with {result}");
    }

    private readonly struct Key(nint pointer) : IDisposable
    {
        public nint Pointer { get; } = pointer;

        public void Dispose() => EVP_PKEY_free(Pointer);
    }

    [LibraryImport(Library)]
    private static partial nint EVP_PKEY_new_raw_private_key(int type, nint engine, ReadOnlySpan<byte> key, nuint length);

    [LibraryImport(Library)]
    private static partial nint EVP_PKEY_new_raw_public_key(int type, nint engine, ReadOnlySpan<byte> key, nuint length);

    [LibraryImport(Library)]
    private static partial int EVP_PKEY_get_raw_public_key(nint key, Span<byte> bytes, ref nuint length);

    [LibraryImport(Library)]
    private static partial void EVP_PKEY_free(nint key);

    [LibraryImport(Library)]
    private static partial nint EVP_MD_CTX_new();

    [LibraryImport(Library)]
    private static partial void EVP_MD_CTX_free(nint context);

    [LibraryImport(Library)]
    private static partial int EVP_DigestSignInit(nint context, nint keyContext, nint digest, nint engine, nint key);

    [LibraryImport(Library)]
    private static partial int EVP_DigestSign(nint context, Span<byte> signature, ref nuint signatureLength, ReadOnlySpan<byte> data, nuint dataLength);

    [LibraryImport(Library)]
    private static partial int EVP_DigestVerifyInit(nint context, nint keyContext, nint digest, nint engine, nint key);

    [LibraryImport(Library)]
    private static partial int EVP_DigestVerify(nint context, ReadOnlySpan<byte> signature, nuint signatureLength, ReadOnlySpan<byte> data, nuint dataLength);
}
