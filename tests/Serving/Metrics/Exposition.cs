using System.Globalization;
using System.Text.RegularExpressions;

namespace EdgeRuntime.Serving.Tests.Metrics;

/// <summary>One line of values: name, labels in order, value.</summary>
internal sealed record Sample(string Name, IReadOnlyDictionary<string, string> Labels, double Value);

/// <summary>A family as it was read.</summary>
internal sealed record Family(string Name, string Type, string Help, IReadOnlyList<Sample> Samples)
{
    /// <summary>Names under which PromQL finds it.</summary>
    public IEnumerable<string> Names => Type == "histogram" ? [$"{Name}_bucket", $"{Name}_sum", $"{Name}_count"] : [Name];

    public IEnumerable<string> LabelNames => Samples.SelectMany(sample => sample.Labels.Keys).Distinct();
}

/// <summary>
/// A strict reader of the text format 0.0.4, written from its description: every family has HELP, TYPE and its samples in one piece, no sample
/// stands twice, and histograms are whole. Anything else is a <see cref="FormatException"/>.
/// </summary>
internal static partial class Exposition
{
    public static IReadOnlyList<Family> Parse(string text)
    {
        if (!text.EndsWith('\n')) throw new FormatException("the last line has no end");
        var families = new List<Family>();
        var lines = new Queue<string>(text[..^1].Split('\n'));
        while (lines.Count > 0) families.Add(Read(lines));
        if (families.DistinctBy(family => family.Name).Count() != families.Count) throw new FormatException("a family stands twice");
        return families;
    }

    private static Family Read(Queue<string> lines)
    {
        var help = HelpLine().Match(lines.Dequeue());
        var type = TypeLine().Match(lines.Count > 0 ? lines.Dequeue() : "");
        if (!help.Success || !type.Success || help.Groups[1].Value != type.Groups[1].Value) throw new FormatException($"a family does not begin with HELP and TYPE: '{help.Value}' '{type.Value}'");
        var samples = new List<Sample>();
        while (lines.Count > 0 && !lines.Peek().StartsWith('#')) samples.Add(ReadSample(lines.Dequeue()));
        var family = new Family(help.Groups[1].Value, type.Groups[2].Value, help.Groups[2].Value, samples);
        Check(family);
        return family;
    }

    private static Sample ReadSample(string line)
    {
        var match = SampleLine().Match(line);
        if (!match.Success) throw new FormatException($"no sample: '{line}'");
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Match label in Label().Matches(match.Groups[2].Value)) labels.Add(label.Groups[1].Value, Unescape(label.Groups[2].Value));
        return new Sample(match.Groups[1].Value, labels, Number(match.Groups[3].Value));
    }

    private static void Check(Family family)
    {
        var strange = family.Samples.FirstOrDefault(sample => !family.Names.Contains(sample.Name));
        if (strange is not null) throw new FormatException($"{strange.Name} stands in family {family.Name}");
        var twice = family.Samples.GroupBy(Identity).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null) throw new FormatException($"{twice.Key} stands twice");
        if (family.Type != "histogram") return;
        foreach (var series in family.Samples.GroupBy(sample => string.Join(',', sample.Labels.Where(label => label.Key != "le")))) CheckHistogram(family.Name, [.. series]);
    }

    private static void CheckHistogram(string name, IReadOnlyList<Sample> samples)
    {
        var buckets = samples.Where(sample => sample.Name.EndsWith("_bucket", StringComparison.Ordinal)).ToList();
        var bounds = buckets.Select(bucket => Number(bucket.Labels["le"])).ToList();
        if (!bounds.SequenceEqual(bounds.Order()) || bounds.Distinct().Count() != bounds.Count || bounds[^1] != double.PositiveInfinity) throw new FormatException($"{name}: bounds do not ascend to +Inf");
        if (!buckets.Select(bucket => bucket.Value).SequenceEqual(buckets.Select(bucket => bucket.Value).Order())) throw new FormatException($"{name}: buckets do not add up");
        if (samples.Single(sample => sample.Name.EndsWith("_count", StringComparison.Ordinal)).Value != buckets[^1].Value) throw new FormatException($"{name}: the count is not that of +Inf");
        if (!(samples.Single(sample => sample.Name.EndsWith("_sum", StringComparison.Ordinal)).Value >= 0)) throw new FormatException($"{name}: the sum is negative");
    }

    private static string Identity(Sample sample) => $"{sample.Name}{{{string.Join(',', sample.Labels.OrderBy(label => label.Key, StringComparer.Ordinal))}}}";

    private static double Number(string text) => text == "+Inf" ? double.PositiveInfinity : double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static string Unescape(string value) => Escape().Replace(value, match => match.Value == @"\n" ? "\n" : match.Value[1..]);

    [GeneratedRegex(@"^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (\S.*)$")]
    private static partial Regex HelpLine();

    [GeneratedRegex(@"^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram|untyped)$")]
    private static partial Regex TypeLine();

    [GeneratedRegex("""^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\"n])*",)*[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\"n])*")\})? (\+Inf|[0-9.eE+-]+)$""")]
    private static partial Regex SampleLine();

    [GeneratedRegex("""([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"(?:,|$)""")]
    private static partial Regex Label();

    [GeneratedRegex(@"\\.")]
    private static partial Regex Escape();
}
