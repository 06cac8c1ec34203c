using System.Text;
using EdgeRuntime.Bundles;
using EdgeRuntime.Serving.Degradation;

namespace EdgeRuntime.Serving.Lanes;

/// <summary>
/// The lanes of all configured models and versions, found by the bytes of a name without allocating. Readers see one state of it, whoever adds,
/// removes or chooses another default meanwhile. Thread-safe.
/// </summary>
internal sealed class ModelLanes
{
    private readonly Lock _gate = new();
    private volatile Dictionary<string, VersionSet> _sets = new(StringComparer.Ordinal);
    private volatile ModelLane[] _all = [];
    private volatile string? _complaint;
    private RungCap? _cap; // null where all were never capped alike
    private Action<ModelLane, RungDecision>? _rungChosen;

    /// <param name="lanes">The first of each name is its default.</param>
    public ModelLanes(IEnumerable<ModelLane> lanes)
    {
        foreach (var lane in lanes) Add(lane);
    }

    public IReadOnlyList<ModelLane> All => _all;

    /// <summary>What is wrong with the configuration that was read last; null where it is in force.</summary>
    public string? Complaint { get => _complaint; set => _complaint = value; }

    /// <summary>The default lane of a configured model.</summary>
    public ModelLane this[string name] => _sets[name].Default;

    /// <summary>The lanes of a configured model; null where there is none of that name.</summary>
    public VersionSet? Find(string name) => _sets.GetValueOrDefault(name);

    /// <param name="name">A valid identifier.</param>
    /// <param name="versions">The lanes of that name.</param>
    public bool TryFind(ReadOnlySpan<byte> name, out VersionSet versions)
    {
        Span<char> text = stackalloc char[Identifier.MaximumLength];
        return _sets.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text[..Encoding.ASCII.GetChars(name, text)], out versions!);
    }

    /// <summary>Caps all models alike, those that come later too; see <see cref="ModelLane.Cap"/>. Any thread.</summary>
    public void Cap(RungCap cap)
    {
        lock (_gate)
        {
            _cap = cap;
            foreach (var lane in _all) lane.Cap = cap;
        }
    }

    /// <param name="lane">The default of its name where that is new.</param>
    /// <param name="isDefault">Whether it is the default in any case.</param>
    public void Add(ModelLane lane, bool isDefault = false)
    {
        lock (_gate)
        {
            var others = Find(lane.Name);
            Set_NeedsLock(lane.Name, isDefault || others is null ? lane : others.Default, [.. others?.All ?? [], lane]);
            _all = [.. _all, lane];
            if (_cap is { } cap) lane.Cap = cap;
            if (_rungChosen is { } told) Observe(lane, told);
        }
    }

    /// <summary>Somebody is told of all choices of rungs, of models that come later too; see <see cref="ModelLane.RungChosen"/>.</summary>
    public void ObserveRungs(Action<ModelLane, RungDecision> told)
    {
        lock (_gate)
        {
            _rungChosen = told;
            foreach (var lane in _all) Observe(lane, told);
        }
    }

    /// <summary>Requests that name no version are this lane's from now on.</summary>
    public void MakeDefault(ModelLane lane)
    {
        lock (_gate)
            if (Find(lane.Name) is { } set && set.All.Contains(lane)) Set_NeedsLock(lane.Name, lane, set.All);
    }

    public void Remove(ModelLane lane)
    {
        lock (_gate)
        {
            if (Find(lane.Name) is not { } set) return;
            var left = set.All.Where(other => other != lane).ToList();
            Set_NeedsLock(lane.Name, set.Default == lane ? left.FirstOrDefault() : set.Default, left);
            _all = [.. _all.Where(other => other != lane)];
        }
    }

    public override string ToString() => _sets is { Count: > 0 } sets ? string.Join(", ", sets.Keys.Select(name => $"'{name}'")) : "none";

    private static void Observe(ModelLane lane, Action<ModelLane, RungDecision> told) => lane.RungChosen = decision => told(lane, decision);

    private void Set_NeedsLock(string name, ModelLane? standard, IReadOnlyList<ModelLane> lanes)
    {
        var sets = new Dictionary<string, VersionSet>(_sets, StringComparer.Ordinal);
        if (standard is null) sets.Remove(name);
        else sets[name] = new VersionSet(standard, lanes);
        _sets = sets;
    }
}
