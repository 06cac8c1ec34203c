using System.Text;
using EdgeRuntime.Bundles;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Serving.Lanes;

/// <summary>The lanes of one model: a version each, and at most one whose version is whichever its source has. Immutable.</summary>
/// <param name="standard">Answers requests that name no version.</param>
/// <param name="all">In the order in which they came.</param>
internal sealed class VersionSet(ModelLane standard, IReadOnlyList<ModelLane> all)
{
    public ModelLane Default { get; } = standard;

    public IReadOnlyList<ModelLane> All { get; } = all;

    public string Name => Default.Name;

    /// <summary>The versions that may be asked for: those that are configured, and what serves where none is.</summary>
    public IEnumerable<string> Versions => All.Select(lane => lane.Version).OfType<string>().Distinct();

    /// <summary>
    /// The lane that a request is for, without allocating: the one of that version, but where that is not in service one that serves it at present. Null
    /// where the version is not here. What is not in service and has no version of its own may have that one, and says itself that it is not there.
    /// </summary>
    /// <param name="version">Empty for the default.</param>
    public ModelLane? Find(in VersionText version)
    {
        if (version.IsEmpty) return Default;
        ModelLane? pinned = null, unpinned = null;
        Span<char> text = stackalloc char[VersionText.MaximumLength];
        text = text[..Encoding.ASCII.GetChars(version.Utf8, text)];
        foreach (var lane in All)
        {
            if (lane.Slot.Version is null) unpinned = lane;
            else if (text.SequenceEqual(lane.Slot.Version)) pinned = lane;
        }
        if (pinned?.Model is not null) return pinned;
        string? served = unpinned?.Version;
        if (pinned is not null) return served is not null && text.SequenceEqual(served) ? unpinned : pinned;
        return served is null || text.SequenceEqual(served) ? unpinned : null;
    }

    /// <summary>Why nothing answers a request for that version.</summary>
    public Outcome Unknown(string version) => new(RefusalReason.UnknownVersion, $"model '{Name}' has no version '{Identifier.Quote(version)}', only {this}");

    public override string ToString() => string.Join(", ", Versions.Select(version => $"'{version}'"));
}
