using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace EdgeRuntime.Bundles;

/// <summary>A SHA-256 digest: 32 bytes, written as 64 lower-case hexadecimal digits. Compared by value.</summary>
public readonly record struct Sha256Digest : IComparable<Sha256Digest>
{
    public const int Size = 32;

    private static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");

    private readonly UInt128 _high, _low;

    public Sha256Digest(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size) throw new ArgumentException($"a SHA-256 digest has {Size} bytes, got {bytes.Length}", nameof(bytes));
        _high = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        _low = BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]);
    }

    /// <summary>The digest of a span of bytes.</summary>
    public static Sha256Digest Of(ReadOnlySpan<byte> data)
    {
        Span<byte> hash = stackalloc byte[Size];
        SHA256.HashData(data, hash);
        return new Sha256Digest(hash);
    }

    /// <summary>The digest of everything that is left in a stream.</summary>
    public static Sha256Digest Of(Stream data)
    {
        Span<byte> hash = stackalloc byte[Size];
        SHA256.HashData(data, hash);
        return new Sha256Digest(hash);
    }

    /// <summary>Reads exactly 64 lower-case hexadecimal digits.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Sha256Digest digest)
    {
        digest = default;
        if (text.Length != 2 * Size || text.ContainsAnyExcept(LowerHex)) return false;
        Span<byte> bytes = stackalloc byte[Size];
        Convert.FromHexString(text, bytes, out _, out _);
        digest = new Sha256Digest(bytes);
        return true;
    }

    /// <exception cref="FormatException">The text is not 64 lower-case hexadecimal digits.</exception>
    public static Sha256Digest Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var digest) ? digest : throw new FormatException($"'{text}' is not a SHA-256 digest of 64 lower-case hexadecimal digits");

    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt128BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt128BigEndian(destination[16..], _low);
    }

    public int CompareTo(Sha256Digest other) => _high != other._high ? _high.CompareTo(other._high) : _low.CompareTo(other._low);

    public static bool operator <(Sha256Digest left, Sha256Digest right) => left.CompareTo(right) < 0;

    public static bool operator >(Sha256Digest left, Sha256Digest right) => left.CompareTo(right) > 0;

    public static bool operator <=(Sha256Digest left, Sha256Digest right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Sha256Digest left, Sha256Digest right) => left.CompareTo(right) >= 0;

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
