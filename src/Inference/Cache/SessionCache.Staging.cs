using System.Globalization;
using System.Text.Json;
using EdgeRuntime.Bundles;
using EdgeRuntime.Inference.Cache;
using EdgeRuntime.Inference.Native;

namespace EdgeRuntime.Inference;

public sealed partial class SessionCache
{
    /// <summary>A folder of one's own to prepare an entry in; named after the process, so that what a dead one left is known.</summary>
    internal string Stage()
    {
        CreatePrivate(Folder);
        RemoveAbandoned();
        string folder = Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $"{StagingPrefix}{Environment.ProcessId}-{Guid.NewGuid():n}"));
        lock (_gate) _staged.Add(Path.GetFileName(folder));
        CreatePrivate(folder);
        return folder;
    }

    /// <summary>Removes a prepared folder that was not committed; what was committed is not there any more.</summary>
    internal void Unstage(string staging)
    {
        lock (_gate) _staged.Remove(Path.GetFileName(staging));
        if (Directory.Exists(staging)) Discard(staging);
    }

    /// <summary>
    /// Puts a prepared folder in its place: all files on the disk, then the record, then the name. Cut off anywhere, the
    /// entry is there whole or not at all.
    /// </summary>
    /// <exception cref="InferenceException">It does not fit into the quota.</exception>
    internal CacheEntry Commit(string staging, EntryRecord record)
    {
        MakeRoom(record);
        foreach (string name in record.Files.Keys) Sync(Path.Combine(staging, name));
        string recordPath = Path.Combine(staging, CacheEntry.RecordName);
        File.WriteAllBytes(recordPath, JsonSerializer.SerializeToUtf8Bytes(record, CacheJson.Default.EntryRecord));
        Sync(recordPath);
        EntryCheck.NoteChecked(staging, record.Files.Keys);
        Libc.SyncFolder(staging);
        string folder = Path.Combine(Folder, record.Key.Name);
        Discard(folder);
        Directory.Move(staging, folder);
        Libc.SyncFolder(Folder);
        return new CacheEntry(folder, record);
    }

    private void MakeRoom(EntryRecord record)
    {
        if (Quota is not { } quota) return;
        long needed = record.Files.Values.Sum(file => file.Size);
        if (Used(record.Key.Name) + needed > quota.Bytes) Trim();
        long used = Used(record.Key.Name);
        if (used + needed <= quota.Bytes) return;
        throw new InferenceException(InferenceError.OverBudget,
            $"the specialised form needs {new ByteCount(needed)} beside {new ByteCount(used)} in use, over the cache's quota of {quota}");
    }

    private long Used(string except) => Directory.EnumerateDirectories(Folder)
        .Where(folder => !Path.GetFileName(folder).StartsWith('.') && Path.GetFileName(folder) != except)
        .SelectMany(folder => new DirectoryInfo(folder).EnumerateFiles())
        .Sum(file => file.Length);

    private static void Sync(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(file);
    }

    private static void CreatePrivate(string folder)
    {
        Directory.CreateDirectory(folder);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, OwnerOnly);
    }

    private void RemoveAbandoned()
    {
        lock (_gate)
        {
            foreach (string folder in Directory.EnumerateDirectories(Folder, StagingPrefix + "*"))
            {
                if (IsAbandoned_NeedsLock(Path.GetFileName(folder))) Discard(folder);
            }
        }
    }

    // In a container the next process has the same number as the dead one: ours are known by name.
    private bool IsAbandoned_NeedsLock(string stagingName)
    {
        string owner = stagingName[StagingPrefix.Length..].Split('-')[0];
        if (!int.TryParse(owner, NumberStyles.None, CultureInfo.InvariantCulture, out int process)) return true;
        return process == Environment.ProcessId ? !_staged.Contains(stagingName) : !Directory.Exists($"/proc/{process}");
    }
}
