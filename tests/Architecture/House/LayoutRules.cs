using System.Text.RegularExpressions;

namespace EdgeRuntime.Architecture.Tests.House;

/// <summary>Where files must lie.</summary>
internal static partial class LayoutRules
{
    // Kinds of test that no folder of src/ has a name for.
    private static readonly HashSet<string> KindsOfTest = ["Support", "Attacks", "Examples", "Fuzz", "Golden", "Power"];
    private static readonly HashSet<string> NoMirror = ["Architecture", "Benchmarks", "EndToEnd", "TestKit"];

    /// <summary>Folders of tests that are neither the mirror of a folder of src/ nor a kind of test.</summary>
    public static IEnumerable<string> Unmirrored(IEnumerable<string> tests, Func<string, bool> isFolderOfSources) => tests
        .Select(path => path.Split('/')[1..^1])
        .Where(folder => folder.Length > 1 && !NoMirror.Contains(folder[0]) && !KindsOfTest.Contains(folder[1]))
        .Select(folder => string.Join('/', folder)).Distinct()
        .Where(folder => !isFolderOfSources(folder) && !isFolderOfSources(folder[(folder.IndexOf('/', StringComparison.Ordinal) + 1)..]))
        .Select(folder => $"tests/{folder} mirrors no folder of src/");

    public static IEnumerable<string> Unlisted(string solution, IEnumerable<string> projects) => projects
        .Where(path => !solution.Contains($"\"{path.Replace('/', '\\')}\"", StringComparison.Ordinal)).Select(path => $"{path} is not in EdgeRuntime.sln");

    /// <summary>What a record of a decision lacks: a number in its heading that is its file's, and a status.</summary>
    public static IEnumerable<string> Faults(RepositoryFile decision)
    {
        var number = int.Parse(Path.GetFileName(decision.Path)[..4], System.Globalization.CultureInfo.InvariantCulture);
        if (!decision.Text.StartsWith($"# {number}. ", StringComparison.Ordinal)) yield return $"{decision.Path} does not begin with '# {number}. '";
        if (!Status().IsMatch(decision.Text)) yield return $"{decision.Path} has no line 'Status: accepted', 'proposed' or 'replaced by ...'";
    }

    [GeneratedRegex(@"^Status: (accepted|proposed|replaced by \S.*)$", RegexOptions.Multiline)]
    private static partial Regex Status();
}
