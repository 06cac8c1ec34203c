using System.Buffers;

namespace EdgeRuntime.Bundles;

/// <summary>Names of bundles, variants, targets, devices, clients: <c>[a-z0-9][a-z0-9._-]{0,63}</c>.</summary>
public static class Identifier
{
    public const int MaximumLength = 64;

    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-");

    public static bool IsValid(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= MaximumLength && char.IsAsciiLetterOrDigit(text[0])
        && !text.ContainsAnyExcept(Allowed);

    /// <summary>A variant's id: an identifier, or one bound to a target, <c>int8@x86-avx2</c>.</summary>
    public static bool IsValidVariant(ReadOnlySpan<char> text)
    {
        var at = text.IndexOf('@');
        return at < 0 ? IsValid(text) : IsValid(text[..at]) && IsValid(text[(at + 1)..]);
    }

    /// <exception cref="BundleException">The text is no identifier.</exception>
    public static string Require(string text, string what) => IsValid(text)
        ? text
        : throw new BundleException(BundleError.InvalidName, $"{what} '{Quote(text)}' is not a name of 1 to {MaximumLength} characters a-z, 0-9, '.', '_', '-' that starts with a letter or digit");

    /// <summary>Foreign text made fit for a message: cut short, control characters replaced.</summary>
    public static string Quote(string text)
    {
        var shown = text.Length <= 80 ? text : text[..77] + "...";
        return string.Create(shown.Length, shown, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++) span[i] = char.IsControl(source[i]) ? '?' : source[i];
        });
    }
}
