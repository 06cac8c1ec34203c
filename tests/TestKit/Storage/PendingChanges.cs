namespace EdgeRuntime.TestKit.Storage;

/// <summary>A name in a folder.</summary>
internal readonly record struct Place(DiskNode Folder, string Name);

/// <summary>
/// Changes of names that no flush has made durable. A flush of a folder settles what touches it; a power cut keeps any part of the rest, in
/// any order but for changes of the same name. A rename is one change, settled in both folders or in none.
/// </summary>
internal sealed class PendingChanges
{
    private readonly List<Change> _changes = [];

    public void Add(Place place, DiskNode node)
    {
        place.Folder.Seen[place.Name] = node;
        _changes.Add(new Change(null, place, node));
    }

    public void Remove(Place place)
    {
        place.Folder.Seen.Remove(place.Name);
        _changes.Add(new Change(place, null, null));
    }

    public void Rename(Place from, Place to)
    {
        from.Folder.Seen.Remove(from.Name, out var node);
        to.Folder.Seen[to.Name] = node!;
        _changes.Add(new Change(from, to, node));
    }

    public void Settle(DiskNode folder) => Keep(change => change.From?.Folder == folder || change.To?.Folder == folder);

    public void Settle(Random chance) => Keep(_ => chance.Next(2) == 0);

    private void Keep(Predicate<Change> wanted)
    {
        var kept = new bool[_changes.Count];
        for (var i = _changes.Count - 1; i >= 0; i--)
        {
            kept[i] |= wanted(_changes[i]);
            for (var before = 0; kept[i] && before < i; before++) kept[before] |= _changes[before].Touches(_changes[i]);
        }
        for (var i = 0; i < kept.Length; i++)
            if (kept[i]) _changes[i].Apply();
        var next = 0;
        _changes.RemoveAll(_ => kept[next++]);
    }

    private sealed record Change(Place? From, Place? To, DiskNode? Node)
    {
        public bool Touches(Change later) => Is(From, later) || Is(To, later);

        public void Apply()
        {
            if (From is { } from) from.Folder.Durable.Remove(from.Name);
            if (To is { } to) to.Folder.Durable[to.Name] = Node!;
        }

        private static bool Is(Place? place, Change other) => place is not null && (place == other.From || place == other.To);
    }
}
