using System.Text.RegularExpressions;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Processes;

namespace EdgeRuntime.Architecture.Tests.Documentation;

/// <summary>What a command says of itself when asked for --help: its verbs, and the options of each.</summary>
internal sealed partial class ProgramHelp
{
    private readonly Dictionary<string, HashSet<string>> _options = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Verbs => _options.Keys;

    public IEnumerable<string> AllOptions => _options.Values.SelectMany(options => options);

    public bool Knows(string verb, string option) => _options.TryGetValue(verb, out var options) && options.Contains(option);

    public static async Task<ProgramHelp> AskAsync(string program) => program == "./edge"
        ? Usage((await ProcessRun.RunAsync(Path.Combine(RepositoryPaths.Root, "edge"), "--help")).Expect().Output)
        : await AskVerbsAsync(Path.Combine(AppContext.BaseDirectory, program));

    /// <summary>Of a usage text with one line a verb, the options in that line.</summary>
    public static ProgramHelp Usage(string text)
    {
        var help = new ProgramHelp();
        foreach (var line in UsageLine().Matches(text).Select(match => match.Value))
            help._options[line.Trim().Split(' ')[0]] = [.. OptionWord().Matches(line).Select(match => match.Value), "--help", "--version"];
        return help;
    }

    private static async Task<ProgramHelp> AskVerbsAsync(string file)
    {
        var help = new ProgramHelp();
        var text = (await ProcessRun.RunAsync(file, "--help")).Expect().Output;
        var start = text.IndexOf("Commands:", StringComparison.Ordinal);
        foreach (var verb in start < 0 ? [] : VerbLine().Matches(text[start..]).Select(match => match.Groups[1].Value))
        {
            var own = (await ProcessRun.RunAsync(file, verb, "--help")).Expect().Output;
            help._options[verb] = [.. OptionLine().Matches(own).SelectMany(match => OptionWord().Matches(match.Value)).Select(match => match.Value), "--help", "--version"];
        }
        return help;
    }

    [GeneratedRegex("(?m)^  [a-z]+ .*$")]
    private static partial Regex UsageLine();

    [GeneratedRegex(@"(?m)^  ([a-z][a-z-]*)(?=\s)")]
    private static partial Regex VerbLine();

    // The column of names, which ends at two spaces.
    [GeneratedRegex(@"(?m)^  -\S+(?: \S+)*")]
    private static partial Regex OptionLine();

    [GeneratedRegex(@"(?<![\w-])--?[a-z][a-z0-9-]*")]
    private static partial Regex OptionWord();
}
