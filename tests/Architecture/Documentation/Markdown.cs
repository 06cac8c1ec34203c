using System.Text.RegularExpressions;

namespace EdgeRuntime.Architecture.Tests.Documentation;

/// <summary>A fenced block: the language that it states, or nothing, and its text.</summary>
internal sealed record CodeBlock(string Language, string Text)
{
    /// <summary>Its lines, each continued one as one.</summary>
    public IEnumerable<string> Commands => Text.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n').Select(line => line.Trim());
}

/// <summary>The parts of a document that state something which can be checked.</summary>
internal sealed partial class Markdown
{
    public Markdown(RepositoryFile file)
    {
        File = file;
        Blocks = [.. Fence().Matches(file.Text).Select(match => new CodeBlock(match.Groups["language"].Value, match.Groups["text"].Value))];
        Prose = Fence().Replace(file.Text, "\n");
        Spans = [.. Span().Matches(Prose).Select(match => match.Groups[1].Value)];
    }

    public static IReadOnlyList<Markdown> All { get; } = [.. RepositoryFiles.Documents.Select(file => new Markdown(file))];

    public RepositoryFile File { get; }

    public IReadOnlyList<CodeBlock> Blocks { get; }

    /// <summary>The document without its fenced blocks.</summary>
    public string Prose { get; }

    /// <summary>What stands in backticks in the prose.</summary>
    public IReadOnlyList<string> Spans { get; }

    /// <summary>Where links lead that stay in the repository, without what follows '#'.</summary>
    public IEnumerable<string> Links => Link().Matches(Span().Replace(Prose, "")).Select(match => match.Groups[1].Value)
        .Where(target => !target.Contains("://", StringComparison.Ordinal)).Select(target => target.Split('#')[0]).Where(target => target.Length > 0);

    /// <summary>The cells of every table row.</summary>
    public IEnumerable<string[]> Rows => Prose.Split('\n').Where(line => line.StartsWith('|')).Select(line => line.Trim().Trim('|').Split('|').Select(cell => cell.Trim()).ToArray());

    [GeneratedRegex("^```(?<language>\\w*)\n(?<text>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex Span();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
