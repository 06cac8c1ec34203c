namespace EdgeRuntime.Bundles;

/// <summary>The law of entry names: relative, without climbing, plain characters, short; so that unpacking cannot leave its folder.</summary>
internal static class EntryNames
{
    public const string Manifest = "manifest.json", Signatures = "manifest.sig";
    public const int MaximumLength = 200, MaximumCount = 4096, MaximumSegments = 8;

    private static readonly System.Buffers.SearchValues<char> Allowed =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-@/");

    private static readonly string[] CodeExtensions = [".so", ".dll", ".dylib", ".exe"];

    /// <summary>Why the name is refused, or null where it is fine.</summary>
    public static string? Refusal(string name)
    {
        if (name.Length is 0 or > MaximumLength) return $"has {name.Length} characters, 1 to {MaximumLength} are allowed";
        if (name.AsSpan().ContainsAnyExcept(Allowed)) return "holds a character other than letters, digits, '.', '_', '-', '@', '/'";
        var segments = name.Split('/');
        if (segments.Length > MaximumSegments) return $"is {segments.Length} folders deep, over the limit of {MaximumSegments}";
        foreach (var segment in segments)
        {
            if (segment.Length == 0) return "is absolute or has an empty part";
            if (segment is "." or "..") return "climbs out of its folder";
        }
        // A library in a bundle could only be meant to be loaded: custom-op libraries come with the runtime, never with a model.
        return CodeExtensions.Any(code => name.EndsWith(code, StringComparison.OrdinalIgnoreCase) || name.Contains(code + ".", StringComparison.OrdinalIgnoreCase))
            ? "names executable code, which a bundle may not carry"
            : null;
    }

    /// <exception cref="BundleException">The name is refused.</exception>
    public static void Require(string name)
    {
        if (Refusal(name) is { } reason) throw new BundleException(BundleError.InvalidName, $"entry '{Identifier.Quote(name)}' {reason}");
    }
}
