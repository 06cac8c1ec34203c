using EdgeRuntime.Bundles.Store;
using EdgeRuntime.Bundles.Tests.Support;
using EdgeRuntime.TestKit.Storage;
using Xunit;

namespace EdgeRuntime.Bundles.Tests.Power;

/// <summary>An update as a device does it, on a disk that loses power; and what must hold of the disk whenever it does.</summary>
internal sealed class UpdateRun : IDisposable
{
    private const string Memory = "/dev/shm";

    // In memory where it can be: the model keeps what is durable, and a real flush of thousands of runs would only take time.
    private readonly string _folder = Path.Combine(Directory.Exists(Memory) ? Memory : Path.GetTempPath(), $"edge-power-{Guid.NewGuid():n}");
    private readonly TrustPolicy _trust;
    private readonly Dictionary<long, string> _files = [];
    private Promises _returned = new(-1, []);

    /// <param name="before">Sequences that are installed and activated first, by a store whose power stays.</param>
    public UpdateRun(params long[] before)
    {
        var key = SigningKey.Generate(SignatureAlgorithm.EcdsaP256);
        _trust = new TrustPolicy([key.PublicKey]);
        Directory.CreateDirectory(Home);
        foreach (var sequence in before.Append(New).Append(Spare))
        {
            _files[sequence] = Path.Combine(_folder, $"{sequence}.bundle");
            SmallBundle.Content().Write(_files[sequence], SmallBundle.Manifest(sequence), [key]);
        }
        var store = new BundleStore(Root);
        foreach (var sequence in before) store.Activate(Install(store, sequence));
        Highest = before.DefaultIfEmpty(-1).Max();
        Directory.Move(Home, Template);
    }

    private const long New = 9, Spare = 10;
    private static readonly BundleSlot Kept = new("small", "1");

    private long Highest { get; }

    private string Home => Path.Combine(_folder, "home");

    private string Template => Path.Combine(_folder, "template");

    private string Root => Path.Combine(Home, "data", "root");

    /// <summary>Every point of an update that is cut by nothing.</summary>
    public CutPoint[] Points()
    {
        Reset();
        var storage = new FaultyStorage(Home, seed: 0);
        Update(storage);
        return PointsOf(storage.Operations);
    }

    /// <summary>The points of the recovery after a cut.</summary>
    public CutPoint[] PointsAfter(CutPoint first, int seed)
    {
        Reset();
        Cut(first, seed);
        var storage = new FaultyStorage(Home, seed);
        Update(storage);
        return PointsOf(storage.Operations);
    }

    /// <summary>The update is cut at each point in turn; after each the disk is sound, and in the end the update goes through.</summary>
    public void Check(int seed, params CutPoint[] cuts)
    {
        Reset();
        foreach (var cut in cuts)
        {
            Cut(cut, seed);
            CheckDisk();
        }
        Update(new FaultyStorage(Home, seed));
        CheckDisk();
        Assert.False(Directory.Exists(Path.Combine(Root, "bundles", ".staging")));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // The last one: the power goes when all calls have returned.
    private static CutPoint[] PointsOf(int operations) =>
        [.. Enumerable.Range(0, operations).SelectMany(operation => Enum.GetValues<CutPhase>().Select(phase => new CutPoint(operation, phase))), new CutPoint(operations, CutPhase.Before)];

    private void Reset()
    {
        if (Directory.Exists(Home)) Directory.Delete(Home, recursive: true);
        DiskNode.Scan(Template).Materialise(Home);
        _returned = new Promises(Highest, []);
    }

    private void Cut(CutPoint cut, int seed)
    {
        var storage = new FaultyStorage(Home, seed, cut);
        try
        {
            Update(storage);
            Assert.Equal(cut.Operation, storage.Operations);
        }
        catch (PowerCutException)
        {
        }
        storage.Restart();
    }

    // A spare is installed, found unused and removed, and installed again, for a slot beside the name's own.
    private void Update(IStorage storage)
    {
        var store = new BundleStore(Root, storage);
        Install(store, Spare);
        store.Activate(Install(store, New));
        _returned = _returned with { Active = New, Installed = _returned.Installed.Add(New) };
        store.RemoveUnused();
        store.Activate(Install(store, Spare), Kept);
        _returned = _returned with { Installed = _returned.Installed.Add(Spare), KeepsSpare = true };
        store.RemoveUnused();
    }

    private InstalledBundle Install(BundleStore store, long sequence)
    {
        using var bundle = VerifiedBundle.Open(_files[sequence], _trust);
        var installed = store.Install(bundle, _trust);
        installed.VerifyEntries();
        return installed;
    }

    // What a call returned from is on the disk; what serves is whole; the ratchet stands where it stood, or higher.
    private void CheckDisk()
    {
        var store = new BundleStore(Root);
        var kept = store.Active(Kept, _trust);
        if (_returned.KeepsSpare) Assert.Equal(Spare, kept?.Manifest.Sequence);
        if (store.HasActive(Kept)) kept!.VerifyEntries();
        store.Models.TryGetValue("small", out var record);
        if (record is null)
        {
            Assert.Equal(-1, _returned.Active);
            return;
        }
        var active = store.Open("small", record.Active, _trust);
        active.VerifyEntries();
        Assert.Contains(active.Manifest.Sequence, new[] { Highest, New });
        Assert.InRange(active.Manifest.Sequence, _returned.Active, New);
        Assert.Equal(active.Manifest.Sequence, record.HighestSequence);
        if (record.Previous is { } previous) store.Open("small", previous, _trust).VerifyEntries();
        foreach (var sequence in _returned.Installed) Assert.True(store.IsInstalled("small", DigestOf(sequence)), $"{sequence} was installed and is gone");
        _returned = new Promises(active.Manifest.Sequence, [], _returned.KeepsSpare);
    }

    private Sha256Digest DigestOf(long sequence)
    {
        using var bundle = VerifiedBundle.Open(_files[sequence], _trust);
        return bundle.Digest;
    }

    private sealed record Promises(long Active, System.Collections.Immutable.ImmutableHashSet<long> Installed, bool KeepsSpare = false);
}
