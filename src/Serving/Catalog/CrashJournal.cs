using System.IO.MemoryMappedFiles;
using System.Text;

namespace EdgeRuntime.Serving.Catalog;

/// <summary>
/// ROOT/state/running: which models were loading, running or being prepared, kept in mapped memory so that it is there when the process was killed
/// by one of them. What a clean end leaves has no marks. A file of another boot says nothing: a power cut is no model's fault. Slots may be marked
/// from any thread, the rest is its owner's. Format: docs/formats/device.md.
/// </summary>
internal sealed class CrashJournal : IDisposable
{
    public const string FileName = "running";

    // Little-endian: magic, boot id, then slots of a name, its marks, the ends that it was seen in, and when the last was.
    private const int Header = 64, BootAt = 8, BootLength = 40, SlotLength = 192, NameLength = 136, MarksAt = 136, Marks = 3, EndsAt = 144, LastAt = 152, Slots = 256;
    private const int Length = Header + (Slots * SlotLength);
    private static readonly byte[] Magic = "EDGERUN2"u8.ToArray();
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(10);

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly TimeProvider _time;
    private readonly HashSet<string> _held = new(StringComparer.Ordinal); // names that this process has a slot of

    private CrashJournal(MemoryMappedFile file, TimeProvider time) => (_file, _view, _time) = (file, file.CreateViewAccessor(0, Length), time);

    /// <summary>Opens the journal of a root and counts what an unclean end left in it.</summary>
    /// <param name="root">ROOT.</param>
    /// <param name="boot">What this boot of the machine is known by; empty where nothing is.</param>
    /// <param name="time">The clock; its timestamps count on from process to process while the machine runs.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static CrashJournal Open(string root, string boot, TimeProvider time)
    {
        var folder = Path.Combine(root, "state");
        Directory.CreateDirectory(folder);
        using var file = new FileStream(Path.Combine(folder, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        var header = new byte[Header];
        Magic.CopyTo(header, 0);
        Encoding.ASCII.GetBytes(boot.AsSpan(0, Math.Min(boot.Length, BootLength)), header.AsSpan(BootAt));
        if (!IsOfNow(file, header)) Clear(file, header);
        var journal = new CrashJournal(MemoryMappedFile.CreateFromFile(file.Name, FileMode.Open, null, Length), time);
        for (int slot = 0; slot < Slots; slot++) journal.Count(slot);
        return journal;
    }

    /// <summary>The boot of this machine, as Linux names it.</summary>
    public static string BootId => File.Exists("/proc/sys/kernel/random/boot_id") ? File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim() : "";

    /// <summary>How many unclean ends in a row, none more than ten minutes after the one before, this model was busy in; 0 once ten minutes passed.</summary>
    public int Ends(string model)
    {
        int slot = Find(model);
        return slot >= 0 && IsRecent(slot) ? _view.ReadInt32(At(slot) + EndsAt) : 0;
    }

    /// <summary>A model's slot; one without effect where all are taken.</summary>
    public CrashSlot Slot(string model)
    {
        int slot = Find(model);
        if (slot < 0 && (slot = FindFree()) >= 0) Name(slot, model);
        if (slot < 0) return CrashSlot.None;
        _held.Add(model);
        return new CrashSlot(_view, At(slot) + MarksAt);
    }

    /// <summary>A model is served no more: once slots are short, another may have its.</summary>
    public void Release(string model) => _held.Remove(model);

    /// <summary>A clean end: nothing was busy, and nobody is suspected any more.</summary>
    public void Close()
    {
        for (int slot = 0; slot < Slots; slot++)
        {
            for (int mark = 0; mark < Marks; mark++) _view.Write(At(slot) + MarksAt + mark, (byte)0);
            _view.Write(At(slot) + EndsAt, 0);
        }
    }

    /// <summary>Lets go of the file; marks stay as they are.</summary>
    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }

    private void Count(int slot)
    {
        bool busy = false;
        for (int mark = 0; mark < Marks; mark++)
        {
            busy |= _view.ReadByte(At(slot) + MarksAt + mark) != 0;
            _view.Write(At(slot) + MarksAt + mark, (byte)0);
        }
        if (!busy) return;
        _view.Write(At(slot) + EndsAt, IsRecent(slot) ? _view.ReadInt32(At(slot) + EndsAt) + 1 : 1);
        _view.Write(At(slot) + LastAt, _time.GetTimestamp());
    }

    private bool IsRecent(int slot)
    {
        long last = _view.ReadInt64(At(slot) + LastAt), now = _time.GetTimestamp();
        return last > 0 && last <= now && _time.GetElapsedTime(last, now) <= Memory;
    }

    // One that nobody ever had, else one whose model is neither served nor suspected.
    private int FindFree()
    {
        if (Find("") is >= 0 and var unused) return unused;
        for (int slot = 0; slot < Slots; slot++)
            if (!_held.Contains(NameOf(slot)) && !(IsRecent(slot) && _view.ReadInt32(At(slot) + EndsAt) > 0)) return slot;
        return -1;
    }

    private void Name(int slot, string model)
    {
        var content = new byte[SlotLength];
        Encoding.ASCII.GetBytes(model, content);
        _view.WriteArray(At(slot), content, 0, SlotLength);
    }

    private string NameOf(int slot)
    {
        var name = new byte[NameLength];
        _view.ReadArray(At(slot), name, 0, NameLength);
        return Encoding.ASCII.GetString(name.AsSpan().TrimEnd((byte)0));
    }

    private int Find(string model)
    {
        for (int slot = 0; slot < Slots; slot++)
            if (NameOf(slot) == model) return slot;
        return -1;
    }

    private static long At(int slot) => Header + ((long)slot * SlotLength);

    private static bool IsOfNow(FileStream file, byte[] header)
    {
        var found = new byte[Header];
        return file.Length == Length && file.ReadAtLeast(found, Header, throwOnEndOfStream: false) == Header && found.AsSpan().SequenceEqual(header);
    }

    private static void Clear(FileStream file, byte[] header)
    {
        file.SetLength(0);
        file.SetLength(Length);
        file.Position = 0;
        file.Write(header);
        file.Flush();
    }
}
