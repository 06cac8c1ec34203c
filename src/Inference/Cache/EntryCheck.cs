using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace EdgeRuntime.Inference.Cache;

/// <summary>
/// Whether an entry may be used. At once: the record, the sizes, the small files' digests. In full: all digests. The note
/// <c>checked</c> says in which boot of the machine, and for which times of change, the full check last passed.
/// </summary>
internal static class EntryCheck
{
    private const int MaximumRecordBytes = 64 * 1024, SmallFileBytes = 1 << 20;

    /// <summary>The record of an entry whose files have the right names and sizes; null with the reason otherwise.</summary>
    public static EntryRecord? Quick(string folder, CacheKey key, out string reason)
    {
        reason = "";
        if (ReadRecord(folder) is not { Format: EntryRecord.CurrentFormat } record) reason = "key.json is missing or broken";
        else if (record.Key != key) reason = "key.json is of another key";
        else
        {
            foreach (var (name, file) in record.Files)
            {
                reason = Compare(Path.Combine(folder, name), file, digest: file.Size <= SmallFileBytes, CancellationToken.None);
                if (reason.Length > 0) break;
            }
            if (reason.Length == 0) return record;
        }
        return null;
    }

    /// <summary>Empty where all digests are right; otherwise which is not.</summary>
    public static string Full(CacheEntry entry, CancellationToken cancel)
    {
        foreach (var (name, file) in entry.Record.Files)
        {
            string reason = Compare(Path.Combine(entry.Folder, name), file, digest: true, cancel);
            if (reason.Length > 0) return reason;
        }
        return "";
    }

    /// <summary>Notes that the entry's files, as they are now, are right.</summary>
    public static void NoteChecked(string folder, IEnumerable<string> files) =>
        File.WriteAllText(Path.Combine(folder, CacheEntry.CheckedName), Note(folder, files, BootId()));

    /// <summary>Whether the files have not changed since a full check in the boot of the machine named.</summary>
    public static bool WasChecked(string folder, IEnumerable<string> files, string boot)
    {
        string path = Path.Combine(folder, CacheEntry.CheckedName);
        return File.Exists(path) && new FileInfo(path).Length < MaximumRecordBytes && File.ReadAllText(path) == Note(folder, files, boot);
    }

    /// <summary>What the kernel draws anew at each start of the machine.</summary>
    public static string BootId()
    {
        const string Path = "/proc/sys/kernel/random/boot_id";
        return File.Exists(Path) ? File.ReadAllText(Path).Trim() : "unknown";
    }

    public static FileRecord Describe(string path)
    {
        using var file = File.OpenRead(path);
        return new FileRecord(file.Length, Convert.ToHexStringLower(SHA256.HashData(file)));
    }

    private static EntryRecord? ReadRecord(string folder)
    {
        string path = Path.Combine(folder, CacheEntry.RecordName);
        try
        {
            if (new FileInfo(path) is not { Exists: true, Length: < MaximumRecordBytes }) return null;
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), CacheJson.Default.EntryRecord);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Compare(string path, FileRecord expected, bool digest, CancellationToken cancel)
    {
        string name = Path.GetFileName(path);
        var file = new FileInfo(path);
        if (!file.Exists || file.LinkTarget is not null) return $"{name} is missing";
        if (file.Length != expected.Size) return $"{name} has {file.Length} bytes instead of {expected.Size}";
        return !digest || Digest(path, cancel) == expected.Sha256 ? "" : $"{name} has another digest than key.json states";
    }

    private static string Digest(string path, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0);
        var block = new byte[1 << 18];
        for (int read; (read = file.Read(block)) > 0;)
        {
            cancel.ThrowIfCancellationRequested();
            hash.AppendData(block, 0, read);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string Note(string folder, IEnumerable<string> files, string boot)
    {
        var text = new StringBuilder(boot).Append('\n');
        foreach (string name in files.Order(StringComparer.Ordinal))
        {
            long changed = File.GetLastWriteTimeUtc(Path.Combine(folder, name)).Ticks;
            text.Append(CultureInfo.InvariantCulture, $"{name} {changed}\n");
        }
        return text.ToString();
    }
}
