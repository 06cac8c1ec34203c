using EdgeRuntime.Bundles.Store;

namespace EdgeRuntime.Bundles;

/// <summary>
/// The bundles of a device: ROOT/bundles/NAME/DIGEST/ (read-only) and the journal in ROOT/state. A power cut at any instant leaves every
/// slot with a whole bundle, the old or the new one. One writer at a time (locked across processes); readers need no lock.
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

    /// <summary>The slots in the journal, each as <see cref="BundleSlot.ToString"/> writes it, with what it knows of them.</summary>
    public IReadOnlyDictionary<string, ModelRecord> Models => _journal.Read();

    /// <summary>The slots in the journal.</summary>
    public IEnumerable<BundleSlot> Slots => _journal.Read().Keys.Select(BundleSlot.Parse);

    /// <summary>The active bundle of a name, or null where none was activated. Its manifest's signature and its sizes have been checked.</summary>
    public InstalledBundle? Active(string name, TrustPolicy trust) => Active(new BundleSlot(name), trust);

    /// <summary>An installed bundle: signatures and manifest checked again, sizes compared. Digests of entries are checked at install and by <see cref="InstalledBundle.VerifyEntries"/>.</summary>
    /// <exception cref="BundleException">It is not installed, was altered, or is not trusted.</exception>
    public InstalledBundle Open(string name, Sha256Digest digest, TrustPolicy trust) =>
        InstalledBundle.Open(FolderOf(Identifier.Require(name, "bundle name"), digest), digest, trust);

    /// <summary>Whether that bundle is unpacked here.</summary>
    public bool IsInstalled(string name, Sha256Digest digest) => Directory.Exists(FolderOf(Identifier.Require(name, "bundle name"), digest));

    /// <summary>
    /// The active bundle of a slot, or null where none was activated. A slot that is kept for a version is filled from its name's own, where the bundle
    /// that is active there, or was before, has that version: <see cref="Activate(InstalledBundle, BundleSlot)"/> then keeps it.
    /// </summary>
    public InstalledBundle? Active(BundleSlot slot, TrustPolicy trust)
    {
        var models = _journal.Read();
        if (models.TryGetValue(slot.ToString(), out var record) && (!slot.IsPinned || IsInstalled(slot.Name, record.Active))) return Open(slot.Name, record.Active, trust);
        if (!slot.IsPinned || !models.TryGetValue(slot.Name, out var own)) return null;
        return FromOwn(slot, own, trust);
    }

    /// <summary>Whether a slot has an active bundle that is unpacked here; the bundles of one that nobody wanted any more may be gone.</summary>
    public bool HasActive(BundleSlot slot) => _journal.Read().TryGetValue(slot.ToString(), out var record) && IsInstalled(slot.Name, record.Active);

    /// <summary>Whether that bundle is the active one of a slot, and unpacked here.</summary>
    public bool IsActive(BundleSlot slot, Sha256Digest digest) => _journal.Read().TryGetValue(slot.ToString(), out var record) && record.Active == digest && IsInstalled(slot.Name, digest);

    /// <summary>Makes an installed bundle the active one of its name; durable on return.</summary>
    /// <exception cref="BundleException">Its sequence is below the highest that was ever active, or it was removed meanwhile.</exception>
    public void Activate(InstalledBundle bundle) => Activate(bundle, new BundleSlot(bundle.Manifest.Name));

    /// <summary>Makes an installed bundle the active one of a slot; durable on return.</summary>
    /// <exception cref="BundleException">It is not for that slot, its sequence is below the highest that was ever active there, or it was removed meanwhile.</exception>
    public void Activate(InstalledBundle bundle, BundleSlot slot)
    {
        using var turn = Lock();
        if (!IsInstalled(bundle.Manifest.Name, bundle.Digest))
            throw new BundleException(BundleError.NotInstalled, $"bundle '{bundle.Manifest.Name}' {bundle.Digest} was removed before it was activated");
        var models = _journal.Read();
        models.TryGetValue(slot.ToString(), out var before);
        RequireFit(bundle.Manifest, slot, before);
        if (before?.Active == bundle.Digest) return;
        models[slot.ToString()] = new ModelRecord
        {
            Active = bundle.Digest,
            Previous = before?.Active,
            HighestSequence = Math.Max(bundle.Manifest.Sequence, before?.HighestSequence ?? 0),
        };
        Changing($"activating '{bundle.Manifest.Name}' {bundle.Manifest.Version}", () => _journal.Write(models));
    }

    /// <summary>Removes every unpacked bundle that is neither active nor the one to fall back to, and what an interrupted install left.</summary>
    /// <param name="isKept">
    /// Asked of slots that are kept for a version: of one that nobody wants any more the bundles go. What is too old for it stays known. Null keeps them all.
    /// </param>
    /// <returns>How many folders went.</returns>
    public int RemoveUnused(Func<BundleSlot, bool>? isKept = null)
    {
        using var turn = Lock();
        var used = Used(isKept);
        Changing("removing what an interrupted install left", RemoveStaging);
        string[] unused = [];
        Changing($"looking at {Bundles}", () => unused = [.. Directory.GetDirectories(Bundles).SelectMany(Directory.GetDirectories).Where(folder => !IsUsed(folder, used))]);
        foreach (var folder in unused) Changing($"removing {folder}", () => Discard(folder));
        return unused.Length;
    }

    // By name, the digests that some slot of it holds.
    private ILookup<string, Sha256Digest> Used(Func<BundleSlot, bool>? isKept) =>
        _journal.Read().Select(entry => (Slot: BundleSlot.Parse(entry.Key), Record: entry.Value)).Where(entry => !entry.Slot.IsPinned || isKept is null || isKept(entry.Slot))
            .SelectMany(entry => Held(entry.Record).Select(digest => (entry.Slot.Name, Digest: digest)))
            .ToLookup(held => held.Name, held => held.Digest, StringComparer.Ordinal);

    private static bool IsUsed(string folder, ILookup<string, Sha256Digest> used) =>
        Sha256Digest.TryParse(Path.GetFileName(folder), out var digest) && used[Path.GetFileName(Path.GetDirectoryName(folder)!)].Contains(digest);

    // What one of the two has suffered does not keep the other from being looked at.
    private InstalledBundle? FromOwn(BundleSlot slot, ModelRecord own, TrustPolicy trust)
    {
        BundleException? first = null;
        foreach (var digest in Held(own).Where(digest => IsInstalled(slot.Name, digest)))
        {
            try
            {
                if (Open(slot.Name, digest, trust) is var bundle && slot.Takes(bundle.Manifest)) return bundle;
            }
            catch (BundleException error)
            {
                first ??= error;
            }
        }
        return first is null ? null : throw first;
    }

    private static IEnumerable<Sha256Digest> Held(ModelRecord record) => record.Previous is { } previous ? [record.Active, previous] : [record.Active];

    private static void RequireFit(Manifest manifest, BundleSlot slot, ModelRecord? before)
    {
        if (!slot.Takes(manifest)) throw new BundleException(BundleError.InvalidName, $"bundle '{manifest.Name}' has the version {manifest.Version}, it is not for '{slot}'");
        if (before is not null && manifest.Sequence < before.HighestSequence)
            throw new BundleException(BundleError.Rollback, $"bundle '{manifest.Name}' {manifest.Version} has the sequence {manifest.Sequence}, below {before.HighestSequence}, which was active here");
    }

    private string FolderOf(string name, Sha256Digest digest) => Path.Combine(Bundles, name, digest.ToString());
}
