using EdgeRuntime.Bundles.Zip;

namespace EdgeRuntime.Bundles.Packing;

/// <summary>An entry as it goes into a bundle: what it must be, and where its bytes come from.</summary>
internal sealed record PackedEntry(EntryInfo Info, uint Crc, Func<Stream> Open)
{
    public static PackedEntry Of(byte[] content) =>
        new(new EntryInfo(content.Length, Sha256Digest.Of(content)), Crc32.Of(content), () => new MemoryStream(content, writable: false));
}
