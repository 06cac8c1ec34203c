using EdgeRuntime.Bundles;
using EdgeRuntime.Inference.Cache;

namespace EdgeRuntime.Inference;

/// <summary>
/// The folder <c>ROOT/cache</c> of specialised sessions, one folder per key, mode 0700. Losing it costs time, never an answer:
/// all of it, or any part, may be deleted while it is in use. Several processes may share it. Thread-safe.
/// </summary>
public sealed partial class SessionCache : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    /// <summary>The reason of an entry that has not been made yet.</summary>
    internal const string NotThere = "not specialised yet";

    private const string CleanStopName = "clean-stop", StagingPrefix = ".staging-", TrashPrefix = ".trash-";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _active = new(StringComparer.Ordinal);
    private readonly HashSet<string> _staged = new(StringComparer.Ordinal);
    private readonly string _boot = EntryCheck.BootId();
    private readonly string? _cleanlyStoppedBoot;
    private bool _disposed;

    /// <param name="root">The device's root folder; the cache is its <c>cache</c>, made when it is first needed.</param>
    /// <param name="quota">The most bytes that all entries may take; null for no limit.</param>
    public SessionCache(string root, ByteCount? quota = null)
    {
        Folder = Path.Combine(Path.GetFullPath(root), "cache");
        Quota = quota;
        _cleanlyStoppedBoot = TakeCleanStop();
    }

    /// <summary>Where the entries are.</summary>
    public string Folder { get; }

    /// <summary>The most bytes that all entries may take.</summary>
    public ByteCount? Quota { get; }

    /// <summary>Removes every entry that no open variant of this process uses, and what crashed preparations left.</summary>
    public void Trim()
    {
        if (!Directory.Exists(Folder)) return;
        lock (_gate)
        {
            foreach (string folder in Directory.EnumerateDirectories(Folder))
            {
                string name = Path.GetFileName(folder);
                if (name.StartsWith(StagingPrefix, StringComparison.Ordinal) ? IsAbandoned_NeedsLock(name) : !_active.ContainsKey(name)) Discard(folder);
            }
        }
    }

    /// <summary>Leaves the note of a clean stop, so that the next start need not check every digest before use.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        if (!Directory.Exists(Folder)) return;
        try
        {
            File.WriteAllText(Path.Combine(Folder, CleanStopName), _boot);
        }
        catch (IOException)
        {
            // The cache may go at any time; without the note the next start checks more.
        }
    }

    /// <summary>Counts a user of a key; <see cref="Leave"/> ends it. Entries in use are not trimmed.</summary>
    internal void Enter(CacheKey key)
    {
        lock (_gate) _active[key.Name] = _active.GetValueOrDefault(key.Name) + 1;
    }

    internal void Leave(CacheKey key)
    {
        lock (_gate)
        {
            if (_active.TryGetValue(key.Name, out int users) && users > 1) _active[key.Name] = users - 1;
            else _active.Remove(key.Name);
        }
    }

    /// <summary>The entry of a key, checked; null with the reason where there is none that may be used. A bad one is removed.</summary>
    internal CacheEntry? TryOpen(CacheKey key, out string reason)
    {
        string folder = Path.Combine(Folder, key.Name);
        reason = NotThere;
        if (!Directory.Exists(folder)) return null;
        if (EntryCheck.Quick(folder, key, out reason) is { } record)
        {
            var entry = new CacheEntry(folder, record);
            if (IsTrusted(entry)) return entry;
            reason = Verify(entry, CancellationToken.None);
            if (reason.Length == 0) return entry;
        }
        Remove(key);
        return null;
    }

    /// <summary>Checks all digests of an entry; empty, and noted, where they are right, otherwise which is not.</summary>
    internal static string Verify(CacheEntry entry, CancellationToken cancel)
    {
        string reason = EntryCheck.Full(entry, cancel);
        if (reason.Length == 0) EntryCheck.NoteChecked(entry.Folder, entry.Record.Files.Keys);
        return reason;
    }

    internal void Remove(CacheKey key) => Discard(Path.Combine(Folder, key.Name));

    private bool IsTrusted(CacheEntry entry) =>
        EntryCheck.WasChecked(entry.Folder, entry.Record.Files.Keys, _boot)
        || (_cleanlyStoppedBoot is { } boot && EntryCheck.WasChecked(entry.Folder, entry.Record.Files.Keys, boot));

    // The note is taken away while we run: should we be killed, it is not there.
    private string? TakeCleanStop()
    {
        string path = Path.Combine(Folder, CleanStopName);
        try
        {
            if (!File.Exists(path)) return null;
            string boot = File.ReadAllText(path);
            File.Delete(path);
            return boot;
        }
        catch (IOException)
        {
            return null;
        }
    }

    // Renamed first, so that nobody opens an entry that is half deleted.
    private void Discard(string folder)
    {
        try
        {
            string trash = Path.Combine(Folder, $"{TrashPrefix}{Guid.NewGuid():n}");
            Directory.Move(folder, trash);
            Directory.Delete(trash, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another process was first, or the folder is gone.
        }
    }
}
