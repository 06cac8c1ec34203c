using System.Text;
using EdgeRuntime.Bundles;

namespace EdgeRuntime.Device.Serving;

/// <summary>The lanes of all configured models, found by the bytes of a name without allocating. Immutable.</summary>
internal sealed class ModelLanes(IEnumerable<ModelLane> lanes)
{
    private readonly Dictionary<string, ModelLane> _lanes = lanes.ToDictionary(lane => lane.Name, StringComparer.Ordinal);

    public IReadOnlyCollection<ModelLane> All => _lanes.Values;

    /// <summary>The lane of a configured model.</summary>
    public ModelLane this[string name] => _lanes[name];

    /// <param name="name">A valid identifier.</param>
    /// <param name="lane">The lane of that name.</param>
    public bool TryFind(ReadOnlySpan<byte> name, out ModelLane lane)
    {
        Span<char> text = stackalloc char[Identifier.MaximumLength];
        return _lanes.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text[..Encoding.ASCII.GetChars(name, text)], out lane!);
    }

    public override string ToString() => _lanes.Count == 0 ? "none" : string.Join(", ", _lanes.Keys.Select(name => $"'{name}'"));
}
