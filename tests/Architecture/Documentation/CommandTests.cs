using System.Text.RegularExpressions;
using Xunit;

namespace EdgeRuntime.Architecture.Tests.Documentation;

/// <summary>Commands in documents are ones that the script and the programs, as built, know.</summary>
public sealed partial class CommandTests
{
    private const string Bench = "bench";

    [Theory]
    [InlineData("./edge")]
    [InlineData("edge-packager")]
    [InlineData("edge-runtime")]
    [InlineData("edge-offload")]
    public async Task Documents_CallAProgram_ItKnowsTheVerbAndItsOptions(string program)
    {
        var calls = Markdown.All.SelectMany(Invocation.Of).Where(call => call.Program == program).ToList();
        Assert.NotEmpty(calls);
        var help = await ProgramHelp.AskAsync(program);
        Assert.Empty(calls.SelectMany(call => Unknown(call, help)).Distinct());
    }

    [Fact]
    public async Task Documents_NameAnOption_SomeProgramKnowsIt()
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var program in Invocation.Programs) known.UnionWith((await ProgramHelp.AskAsync(program)).AllOptions);
        Assert.Empty(Markdown.All.SelectMany(document => document.Spans
            .Where(span => OptionSpan().IsMatch(span) && !known.Contains(span.Split(' ', '=')[0])).Select(span => $"{document.File.Path}: {span}")));
    }

    [Fact]
    public async Task Documents_NameABenchmark_TheScriptNamesItToo()
    {
        var line = (await TestKit.Processes.ProcessRun.RunAsync(Path.Combine(TestKit.RepositoryPaths.Root, "edge"), "--help")).Expect().Output.Split('\n').Single(text => text.StartsWith("  bench ", StringComparison.Ordinal));
        var named = Markdown.All.SelectMany(Invocation.Of).Where(call => call is { Program: "./edge", Verb: Bench }).SelectMany(call => call.Arguments.Skip(1).Take(1)).Where(name => char.IsLower(name[0]));
        Assert.All(named, name => Assert.Matches($@"\b{name}\b", line));
    }

    [Theory]
    [InlineData("`./edge fly`", "./edge fly")]
    [InlineData("```sh\nsudo ./edge test --fast\n```", "./edge test --fast")]
    [InlineData("```sh\n$ ./edge --fast\n```", "./edge --fast")]
    [InlineData("```ini\nExecStart=/usr/bin/./edge bench --yes\n```", "./edge bench --yes")]
    [InlineData("```sh\n./edge test \\\n  --full --fast | tee log\n```", "./edge test --fast")]
    public void Unknown_CommandThatIsNotThere_IsFound(string text, string named)
    {
        var help = ProgramHelp.Usage("  test [--full]      tests\n  bench NAME         startup\n");
        var calls = Invocation.Of(new Markdown(new RepositoryFile("docs/a.md", text + "\n")));
        Assert.Contains(named, Assert.Single(calls.SelectMany(call => Unknown(call, help))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("`./edge test --full`")]
    [InlineData("`./edge COMMAND`")]
    [InlineData("`./edge --help`")]
    [InlineData("```sh\ncp ./edge elsewhere\n```")]
    public void Unknown_CommandThatIsThereAndPlaceholders_AreFine(string text)
    {
        var help = ProgramHelp.Usage("  test [--full]      tests\n");
        Assert.Empty(Invocation.Of(new Markdown(new RepositoryFile("docs/a.md", text + "\n"))).SelectMany(call => Unknown(call, help)));
    }

    private static IEnumerable<string> Unknown(Invocation call, ProgramHelp help)
    {
        if (call.Verb is not { } verb)
        {
            foreach (var option in call.Options.Where(option => option is not ("--help" or "--version"))) yield return $"{call.Document}: {call.Program} {option}";
        }
        else if (char.IsUpper(verb[0])) yield break; // a placeholder: COMMAND
        else if (!help.Verbs.Contains(verb)) yield return $"{call.Document}: {call.Program} {verb}";
        else
            foreach (var option in call.Options.Where(option => !help.Knows(verb, option))) yield return $"{call.Document}: {call.Program} {verb} {option}";
    }

    [GeneratedRegex("^--[a-z]")]
    private static partial Regex OptionSpan();
}
