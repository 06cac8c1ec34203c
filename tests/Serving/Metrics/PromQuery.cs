using System.Text.RegularExpressions;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Lanes;

namespace EdgeRuntime.Serving.Tests.Metrics;

/// <summary>What of a PromQL query is not exported: names, labels of selectors and of groupings, and values of labels that have a closed set.</summary>
internal static partial class PromQuery
{
    private static readonly HashSet<string> GivenByScrape = ["instance", "job"];
    private static readonly HashSet<string> Words = ["by", "without", "on", "ignoring", "bool", "and", "or", "unless", "offset", "group_left", "group_right"];

    public static IReadOnlyList<string> Faults(string query, IReadOnlyList<Family> exported)
    {
        var faults = new List<string>();
        var labels = new HashSet<string>(GivenByScrape);
        foreach (Match selector in Selector().Matches(Bare(query)))
        {
            var (name, family) = (selector.Groups[1].Value, exported.FirstOrDefault(family => family.Names.Contains(selector.Groups[1].Value)));
            if (family is null)
            {
                faults.Add($"{name} is not exported");
                continue;
            }
            var own = LabelsOf(family, name);
            labels.UnionWith(own);
            foreach (Match match in Matcher().Matches(selector.Groups[2].Value)) Check(name, match, own, faults);
        }
        foreach (var label in Grouping().Matches(query).SelectMany(match => match.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries)))
            if (faults.Count == 0 && !labels.Contains(label)) faults.Add($"nothing in it has a label '{label}'");
        return faults;
    }

    private static void Check(string name, Match matcher, HashSet<string> own, List<string> faults)
    {
        var (label, value) = (matcher.Groups[1].Value, matcher.Groups[2].Value);
        if (!own.Contains(label)) faults.Add($"{name} has no label '{label}'");
        else if (ClosedSets.TryGetValue(label, out var values) && !value.Contains('$') && !values.Contains(value)) faults.Add($"{label} has no value '{value}'");
    }

    private static readonly Dictionary<string, string[]> ClosedSets = new()
    {
        ["outcome"] = [.. Enum.GetValues<InferenceStatus>().Select(status => Text(status.WireName()))],
        ["reason"] = [.. Enum.GetValues<RefusalReason>().Select(reason => Text(reason.WireName()))],
    };

    private static HashSet<string> LabelsOf(Family family, string name)
    {
        var labels = new HashSet<string>(GivenByScrape.Concat(family.LabelNames));
        if (!name.EndsWith("_bucket", StringComparison.Ordinal)) labels.Remove("le");
        return labels;
    }

    // Names of functions, groupings and durations out of the way; what is left that looks like a name is one.
    private static string Bare(string query) => Word().Replace(Duration().Replace(Grouping().Replace(query, " "), " "), match => Words.Contains(match.Value) ? " " : match.Value);

    private static string Text(ReadOnlySpan<byte> text) => System.Text.Encoding.UTF8.GetString(text);

    [GeneratedRegex("""(?<![\w"$:.])([a-zA-Z_:][\w:]*)\b(?!\s*\()(?:\{([^}]*)\})?(?![^{}]*\})""")]
    private static partial Regex Selector();

    [GeneratedRegex(@"(\w+)\s*(?:=~|!~|!=|=)\s*""([^""]*)""")]
    private static partial Regex Matcher();

    [GeneratedRegex(@"\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)")]
    private static partial Regex Grouping();

    [GeneratedRegex(@"\[[^\]]*\]")]
    private static partial Regex Duration();

    [GeneratedRegex(@"\b[a-z_]+\b")]
    private static partial Regex Word();
}
