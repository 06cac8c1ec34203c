using System.Text.RegularExpressions;

namespace EdgeRuntime.Architecture.Tests.Documentation;

/// <summary>A call of one of our commands as a document shows it.</summary>
internal sealed partial record Invocation(string Document, string Program, IReadOnlyList<string> Arguments)
{
    public static readonly string[] Programs = ["./edge", "edge-packager", "edge-runtime", "edge-offload"];
    private static readonly HashSet<string> Ends = ["|", "&&", "||", ";", "&", ">", "2>", ">>", "#"];

    public string? Verb => Arguments.FirstOrDefault(argument => !argument.StartsWith('-'));

    public IEnumerable<string> Options => Arguments.Where(argument => OptionForm().IsMatch(argument)).Select(argument => argument.Split('=')[0]);

    /// <summary>The calls in blocks of commands and in backticks.</summary>
    public static IEnumerable<Invocation> Of(Markdown document) => document.Spans
        .Concat(document.Blocks.Where(block => block.Language is "sh" or "ini").SelectMany(block => block.Commands))
        .SelectMany(line => Parse(document.File.Path, line));

    private static IEnumerable<Invocation> Parse(string document, string line)
    {
        var words = line.Replace("ExecStart=", "", StringComparison.Ordinal).Split([' ', '[', ']', '(', ')'], StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < words.Length; i++)
        {
            var program = Programs.FirstOrDefault(program => words[i] == program || words[i].EndsWith("/" + program, StringComparison.Ordinal));
            if (program is null || !IsCommand(words, i)) continue;
            yield return new Invocation(document, program, [.. words[(i + 1)..].TakeWhile(word => !Ends.Contains(word))]);
        }
    }

    // The first word, or one after something that begins a command; elsewhere it is a file that is copied, say.
    private static bool IsCommand(string[] words, int i) => i == 0 || words[i - 1] is "$" or "sudo" or "time" or "exec" || Ends.Contains(words[i - 1]);

    [GeneratedRegex("^--?[a-z][a-z0-9-]*(=.*)?$")]
    private static partial Regex OptionForm();
}
