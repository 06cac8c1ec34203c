namespace EdgeRuntime.Bundles;

/// <summary>
/// A place of the store that one bundle is active in: a name's own, whose version may be any, or one that is kept for a version beside it.
/// Each has its active bundle, the one before, and its own limit of what is too old.
/// </summary>
/// <param name="Name">The bundle's name.</param>
/// <param name="Version">The version that it is kept for; null for the name's own.</param>
public readonly record struct BundleSlot(string Name, string? Version = null)
{
    private const char Separator = '@'; // in no identifier

    /// <summary>Whether it is kept for one version.</summary>
    public bool IsPinned => Version is not null;

    /// <summary>Whether such a bundle may be active in it.</summary>
    public bool Takes(Manifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        return manifest.Name == Name && (Version is null || manifest.Version == Version);
    }

    /// <summary>What the journal calls it: <c>NAME</c>, or <c>NAME@VERSION</c>.</summary>
    public override string ToString() => Version is null ? Name : $"{Name}{Separator}{Version}";

    /// <summary>Reads what the journal calls it.</summary>
    internal static BundleSlot Parse(string text) =>
        text.IndexOf(Separator) is >= 0 and var at ? new BundleSlot(text[..at], text[(at + 1)..]) : new BundleSlot(text);
}
