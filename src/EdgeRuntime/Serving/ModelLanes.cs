using System.Text;
using EdgeRuntime.Bundles;

namespace EdgeRuntime.Device.Serving;

/// <summary>
/// The lanes of all configured models, found by the bytes of a name without allocating. Readers see one state of it, whoever adds or removes
/// meanwhile. Thread-safe.
/// </summary>
internal sealed class ModelLanes(IEnumerable<ModelLane> lanes)
{
    private readonly Lock _gate = new();
    private volatile Dictionary<string, ModelLane> _lanes = lanes.ToDictionary(lane => lane.Name, StringComparer.Ordinal);
    private volatile string? _complaint;

    public IReadOnlyCollection<ModelLane> All => _lanes.Values;

    /// <summary>What is wrong with the configuration that was read last; null where it is in force.</summary>
    public string? Complaint { get => _complaint; set => _complaint = value; }

    /// <summary>The lane of a configured model.</summary>
    public ModelLane this[string name] => _lanes[name];

    /// <param name="name">A valid identifier.</param>
    /// <param name="lane">The lane of that name.</param>
    public bool TryFind(ReadOnlySpan<byte> name, out ModelLane lane)
    {
        Span<char> text = stackalloc char[Identifier.MaximumLength];
        return _lanes.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text[..Encoding.ASCII.GetChars(name, text)], out lane!);
    }

    public void Add(ModelLane lane)
    {
        lock (_gate) _lanes = new Dictionary<string, ModelLane>(_lanes, StringComparer.Ordinal) { { lane.Name, lane } };
    }

    public void Remove(ModelLane lane)
    {
        lock (_gate) _lanes = _lanes.Values.Where(other => other != lane).ToDictionary(other => other.Name, StringComparer.Ordinal);
    }

    public override string ToString() => _lanes is { Count: > 0 } lanes ? string.Join(", ", lanes.Keys.Select(name => $"'{name}'")) : "none";
}
