using EdgeRuntime.Bundles.Store;

namespace EdgeRuntime.Bundles;

/// <summary>
/// The bundles of a device: ROOT/bundles/NAME/DIGEST/ (read-only) and the journal in ROOT/state. A power cut at any instant leaves every
/// model with a whole bundle, the old or the new one. One writer at a time (locked across processes); readers need no lock.
/// </summary>
public sealed partial class BundleStore
{
    private const string Staging = ".staging";

    private readonly IStorage _storage;
    private readonly StoreJournal _journal;

    /// <param name="root">The device's ROOT; created when the first bundle is installed.</param>
    public BundleStore(string root) : this(root, new DiskStorage())
    {
    }

    internal BundleStore(string root, IStorage storage)
    {
        Root = Path.GetFullPath(root);
        _storage = storage;
        _journal = new StoreJournal(Root, storage);
    }

    public string Root { get; }

    private string Bundles => Path.Combine(Root, "bundles");

    /// <summary>The names in the journal with what it knows of them.</summary>
    public IReadOnlyDictionary<string, ModelRecord> Models => _journal.Read();

    /// <summary>The active bundle of a name, or null where none was activated. Its manifest's signature and its sizes have been checked.</summary>
    public InstalledBundle? Active(string name, TrustPolicy trust) =>
        _journal.Read().TryGetValue(name, out var record) ? Open(name, record.Active, trust) : null;

    /// <summary>An installed bundle: signatures and manifest checked again, sizes compared. Digests of entries are checked at install and by <see cref="InstalledBundle.VerifyEntries"/>.</summary>
    /// <exception cref="BundleException">It is not installed, was altered, or is not trusted.</exception>
    public InstalledBundle Open(string name, Sha256Digest digest, TrustPolicy trust) =>
        InstalledBundle.Open(FolderOf(Identifier.Require(name, "bundle name"), digest), digest, trust);

    /// <summary>Whether that bundle is unpacked here.</summary>
    public bool IsInstalled(string name, Sha256Digest digest) => Directory.Exists(FolderOf(Identifier.Require(name, "bundle name"), digest));

    /// <summary>Makes an installed bundle the active one of its name; durable on return.</summary>
    /// <exception cref="BundleException">Its sequence is below the highest that was ever active, or it was removed meanwhile.</exception>
    public void Activate(InstalledBundle bundle)
    {
        using var turn = Lock();
        if (!IsInstalled(bundle.Manifest.Name, bundle.Digest))
            throw new BundleException(BundleError.NotInstalled, $"bundle '{bundle.Manifest.Name}' {bundle.Digest} was removed before it was activated");
        var models = _journal.Read();
        models.TryGetValue(bundle.Manifest.Name, out var before);
        RequireNewer(bundle.Manifest, before);
        if (before?.Active == bundle.Digest) return;
        models[bundle.Manifest.Name] = new ModelRecord
        {
            Active = bundle.Digest,
            Previous = before?.Active,
            HighestSequence = Math.Max(bundle.Manifest.Sequence, before?.HighestSequence ?? 0),
        };
        Changing($"activating '{bundle.Manifest.Name}' {bundle.Manifest.Version}", () => _journal.Write(models));
    }

    /// <summary>Removes every unpacked bundle that is neither active nor the one to fall back to, and what an interrupted install left.</summary>
    /// <returns>How many folders went.</returns>
    public int RemoveUnused()
    {
        using var turn = Lock();
        var models = _journal.Read();
        Changing("removing what an interrupted install left", RemoveStaging);
        string[] unused = [.. Directory.GetDirectories(Bundles).SelectMany(Directory.GetDirectories).Where(folder => !IsUsed(folder, models))];
        foreach (var folder in unused) Changing($"removing {folder}", () => Discard(folder));
        return unused.Length;
    }

    private static bool IsUsed(string folder, SortedDictionary<string, ModelRecord> models) =>
        models.TryGetValue(Path.GetFileName(Path.GetDirectoryName(folder)!), out var record) && Sha256Digest.TryParse(Path.GetFileName(folder), out var digest)
        && (digest == record.Active || digest == record.Previous);

    private static void RequireNewer(Manifest manifest, ModelRecord? before)
    {
        if (before is not null && manifest.Sequence < before.HighestSequence)
            throw new BundleException(BundleError.Rollback, $"bundle '{manifest.Name}' {manifest.Version} has the sequence {manifest.Sequence}, below {before.HighestSequence}, which was active here");
    }

    private string FolderOf(string name, Sha256Digest digest) => Path.Combine(Bundles, name, digest.ToString());
}
