using EdgeRuntime.Bundles.Store;

namespace EdgeRuntime.TestKit.Storage;

/// <summary>
/// A disk whose power goes at a chosen point of a chosen operation. Files are real, so that the code under test reads them as ever; beside them
/// a model keeps what is durable. <see cref="Restart"/> leaves on the disk what a machine could find there when it starts again.
/// </summary>
internal sealed class FaultyStorage : IStorage
{
    private readonly string _home;
    private readonly DiskNode _root;
    private readonly PendingChanges _pending = new();
    private readonly Random _chance;
    private readonly CutPoint? _cut;
    private bool _off;

    /// <param name="home">An existing folder; everything in it is durable.</param>
    /// <param name="seed">Of what is torn and what is lost.</param>
    /// <param name="cut">Null for power that never goes.</param>
    public FaultyStorage(string home, int seed, CutPoint? cut = null) => (_home, _root, _chance, _cut) = (home, DiskNode.Scan(home), new Random(seed), cut);

    /// <summary>How many operations were begun.</summary>
    public int Operations { get; private set; }

    /// <summary>Replaces the folder's content by what survived.</summary>
    public void Restart()
    {
        _pending.Settle(_chance);
        Directory.Delete(_home, recursive: true);
        _root.Materialise(_home);
    }

    public void CreateFolder(string path) => Run(
        () => Make(path, int.MaxValue),
        () => Make(path, _chance.Next(8)));

    public void WriteFile(string path, Stream content)
    {
        using var buffer = new MemoryStream();
        content.CopyTo(buffer);
        Run(() => Put(path, buffer.ToArray()), () => Put(path, Torn(buffer.ToArray())));
    }

    public void FlushFolder(string path) => Run(
        () => _pending.Settle(Find(path)),
        () => _pending.Settle(_chance));

    public void Move(string from, string to) => Run(
        () =>
        {
            _pending.Rename(PlaceOf(from), PlaceOf(to));
            if (Directory.Exists(from)) Directory.Move(from, to);
            else File.Move(from, to, overwrite: true);
        },
        () => { });

    public void DeleteFile(string path) => Run(
        () =>
        {
            _pending.Remove(PlaceOf(path));
            File.Delete(path);
        },
        () => { });

    public void DeleteFolder(string path) => Run(
        () =>
        {
            Erase(PlaceOf(path), int.MaxValue);
            Directory.Delete(path, recursive: true);
        },
        () => Erase(PlaceOf(path), _chance.Next(12)));

    public void MakeReadOnly(string path) => Run(() => { }, () => { });

    private void Run(Action whole, Action half)
    {
        var point = _cut?.Operation == Operations++ ? _cut?.Phase : null;
        if (!_off && point is null or CutPhase.After) whole();
        else if (!_off && point == CutPhase.During) half();
        _off |= point is not null;
        if (_off) throw new PowerCutException(Operations - 1);
    }

    private DiskNode Make(string path, int most)
    {
        var folder = _root;
        var real = _home;
        foreach (var name in Path.GetRelativePath(_home, path).Split('/'))
        {
            real = Path.Combine(real, name);
            if (!folder.Seen.TryGetValue(name, out var next))
            {
                if (most-- <= 0) return folder;
                _pending.Add(new Place(folder, name), next = DiskNode.Folder());
                Directory.CreateDirectory(real);
            }
            folder = next;
        }
        return folder;
    }

    private void Put(string path, byte[] content)
    {
        var place = PlaceOf(path);
        if (place.Folder.Seen.TryGetValue(place.Name, out var there)) there.Content = content;
        else _pending.Add(place, DiskNode.File(content));
        File.WriteAllBytes(path, content);
    }

    // What was not flushed may be short, or long and empty.
    private byte[] Torn(byte[] content)
    {
        var torn = content[.._chance.Next(content.Length + 1)];
        return _chance.Next(2) == 0 ? torn : [.. torn, .. new byte[content.Length - torn.Length]];
    }

    private int Erase(Place place, int most)
    {
        var node = place.Folder.Seen[place.Name];
        foreach (var name in node.Seen.Keys.ToArray())
            if ((most = Erase(new Place(node, name), most)) <= 0) return 0;
        _pending.Remove(place);
        return most - 1;
    }

    private DiskNode Find(string path) => path == _home ? _root : Make(path, 0) is var node && Directory.Exists(path) ? node : throw new DirectoryNotFoundException(path);

    private Place PlaceOf(string path) => new(Make(Path.GetDirectoryName(path)!, int.MaxValue), Path.GetFileName(path));
}
