using EdgeRuntime.Bundles.Onnx;
using EdgeRuntime.Bundles.Store;

namespace EdgeRuntime.Bundles;

public sealed partial class BundleStore
{
    private const long FreeSpaceKept = 16 << 20;

    /// <summary>
    /// Unpacks a bundle: every entry is verified while it is written, models are checked for what they reach for, and the folder gets its name only
    /// when all of it is on the disk. Installing what is installed and whole does nothing; what is damaged is replaced. Does not activate.
    /// </summary>
    /// <param name="bundle">Its signatures hold already.</param>
    /// <param name="trust">What the installed folder is opened with.</param>
    /// <param name="target">The device's target; null accepts bundles for any.</param>
    /// <param name="progress">Called with bytes done and bytes in all.</param>
    /// <param name="slot">What it is to be active in; null for its name's own.</param>
    /// <exception cref="BundleException">Another target or slot, too old, an entry that differs, forbidden content, or no space.</exception>
    public InstalledBundle Install(VerifiedBundle bundle, TrustPolicy trust, string? target = null, Action<long, long>? progress = null, BundleSlot? slot = null)
    {
        var manifest = bundle.Manifest;
        if (target is not null && !manifest.Targets.Contains(target))
            throw new BundleException(BundleError.WrongTarget, $"bundle '{manifest.Name}' is for {string.Join(", ", manifest.Targets)}, this device is '{target}'");
        using var turn = Lock();
        var place = slot ?? new BundleSlot(manifest.Name);
        _journal.Read().TryGetValue(place.ToString(), out var before);
        RequireFit(manifest, place, before);
        var folder = FolderOf(manifest.Name, bundle.Digest);
        RequireNoLinks(folder);
        if (Directory.Exists(folder) && WholeOrNull(folder, bundle.Digest, trust) is { } whole) return whole;
        RequireSpace(bundle);
        Changing($"installing '{manifest.Name}' {manifest.Version} into {folder}", () => Unpack(bundle, folder, progress));
        return InstalledBundle.Open(folder, bundle.Digest, trust);
    }

    private static InstalledBundle? WholeOrNull(string folder, Sha256Digest digest, TrustPolicy trust)
    {
        try
        {
            var installed = InstalledBundle.Open(folder, digest, trust);
            installed.VerifyEntries();
            return installed;
        }
        catch (BundleException error) when (error.Error == BundleError.StoreDamaged)
        {
            return null;
        }
    }

    private void Unpack(VerifiedBundle bundle, string folder, Action<long, long>? progress)
    {
        RemoveStaging();
        try
        {
            var staging = Path.Combine(StagingFolder, bundle.Digest.ToString());
            WriteAll(bundle, staging, progress);
            if (Directory.Exists(folder)) _storage.Move(folder, Path.Combine(StagingFolder, "damaged"));
            var home = Path.GetDirectoryName(folder)!;
            _storage.CreateFolder(home);
            _storage.Move(staging, folder);
            _storage.FlushFolder(home);
            _storage.FlushFolder(Bundles);
        }
        finally
        {
            RemoveStaging();
        }
    }

    private void WriteAll(VerifiedBundle bundle, string staging, Action<long, long>? progress)
    {
        _storage.CreateFolder(staging);
        var folders = new SortedSet<string>(StringComparer.Ordinal) { staging };
        WriteEntries(bundle, staging, folders, progress);
        foreach (var written in folders.Reverse()) _storage.FlushFolder(written);
    }

    private void WriteEntries(VerifiedBundle bundle, string staging, SortedSet<string> folders, Action<long, long>? progress)
    {
        var total = bundle.Manifest.Entries.Values.Sum(entry => entry.Size);
        long done = 0;
        foreach (var (name, info) in bundle.Manifest.Entries.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            if (name.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase))
                ModelScan.Require(name, bundle.ReadEntry(name, ModelScan.MaximumModel), bundle.Manifest.Entries);
            var path = Path.Combine(staging, name);
            EnsureFolder(Path.GetDirectoryName(path)!, folders);
            using var content = bundle.OpenEntry(name);
            Write(path, content);
            progress?.Invoke(done += info.Size, total);
        }
        Write(Path.Combine(staging, EntryNames.Manifest), new MemoryStream(bundle.ManifestBytes.ToArray(), writable: false));
        Write(Path.Combine(staging, EntryNames.Signatures), new MemoryStream(bundle.SignatureBytes.ToArray(), writable: false));
    }

    private void EnsureFolder(string folder, SortedSet<string> folders)
    {
        if (folders.Contains(folder)) return;
        EnsureFolder(Path.GetDirectoryName(folder)!, folders);
        _storage.CreateFolder(folder);
        folders.Add(folder);
    }

    private void Write(string path, Stream content)
    {
        _storage.WriteFile(path, content);
        _storage.MakeReadOnly(path);
    }

    /// <summary>A link on the way could lead an install out of ROOT.</summary>
    private void RequireNoLinks(string folder)
    {
        for (var path = folder; path.Length > Root.Length; path = Path.GetDirectoryName(path)!)
            if (new DirectoryInfo(path).LinkTarget is not null) throw new BundleException(BundleError.Storage, $"{path} is a link: the store keeps to real folders");
    }

    private void RequireSpace(VerifiedBundle bundle)
    {
        var free = new DriveInfo(Bundles).AvailableFreeSpace;
        var needed = bundle.Size.Bytes + FreeSpaceKept;
        if (free < needed)
            throw new BundleException(BundleError.NoSpace, $"bundle '{bundle.Manifest.Name}' needs {new ByteCount(needed)} on {Bundles}, {new ByteCount(free)} are free");
    }
}
