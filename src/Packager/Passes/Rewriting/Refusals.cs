namespace EdgeRuntime.Packaging.Passes.Rewriting;

/// <summary>Why patterns were left as they are, in a line: those of one rule whose reasons differ in names alone are counted, and the first is told.</summary>
internal sealed class Refusals
{
    private const char Quote = '\'';

    private readonly List<(string Rule, string Node, string Reason)> _all = [];

    public int Count => _all.Count;

    public void Clear() => _all.Clear();

    public void Add(string rule, string node, string reason) => _all.Add((rule, node, reason));

    public override string ToString() => string.Join("; ", _all.GroupBy(one => (one.Rule, Kind: Nameless(one.Reason)))
        .OrderBy(group => group.Key.Rule, StringComparer.Ordinal).ThenBy(group => group.Key.Kind, StringComparer.Ordinal).Select(Shown));

    private static string Shown(IEnumerable<(string Rule, string Node, string Reason)> group)
    {
        var (all, first) = (group.Count(), group.First());
        return $"{(all == 1 ? "" : $"{all} ")}{first.Rule} of '{first.Node}'{(all == 1 ? "" : " and others")}: {first.Reason}";
    }

    /// <summary>What stands between quotes is a name.</summary>
    private static string Nameless(string reason) => string.Join(Quote, reason.Split(Quote).Where((_, part) => part % 2 == 0));
}
