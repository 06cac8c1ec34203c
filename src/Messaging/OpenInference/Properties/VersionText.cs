using System.Runtime.CompilerServices;
using System.Text;

namespace EdgeRuntime.Messaging.OpenInference;

/// <summary>The version of a model that a request asks for, as a value that holds its bytes: 1 to 64 of <c>[a-z0-9][a-z0-9._-]*</c>, or empty for none.</summary>
public readonly struct VersionText : IEquatable<VersionText>
{
    /// <summary>The longest there is.</summary>
    public const int MaximumLength = 64;

    private readonly Bytes bytes;
    private readonly byte length;

    private VersionText(ReadOnlySpan<byte> text)
    {
        text.CopyTo(bytes);
        length = (byte)text.Length;
    }

    /// <summary>Whether no version is asked for, so that the default one answers.</summary>
    public bool IsEmpty => length == 0;

    /// <summary>Its bytes, ASCII.</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public ReadOnlySpan<byte> Utf8 => ((ReadOnlySpan<byte>)bytes)[..length];

    /// <summary>Takes a version; false where the text is none.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out VersionText version)
    {
        version = default;
        if (!TopicIdentifier.IsValid(text)) return false;
        version = new VersionText(text);
        return true;
    }

    /// <summary>Whether a version in service is the one that is asked for; any is where none is.</summary>
    public bool Allows(ReadOnlySpan<byte> served) => IsEmpty || Utf8.SequenceEqual(served);

    /// <inheritdoc/>
    public bool Equals(VersionText other) => Utf8.SequenceEqual(other.Utf8);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is VersionText other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Utf8);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() => Encoding.ASCII.GetString(Utf8);

    /// <summary>Whether two are the same.</summary>
    public static bool operator ==(VersionText left, VersionText right) => left.Equals(right);

    /// <summary>Whether two differ.</summary>
    public static bool operator !=(VersionText left, VersionText right) => !left.Equals(right);

    [InlineArray(MaximumLength)]
    private struct Bytes
    {
        private byte first;
    }
}
