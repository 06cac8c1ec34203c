using System.Text.RegularExpressions;

namespace EdgeRuntime.Architecture.Tests.House;

/// <summary>House rules of a source file that a machine can check.</summary>
internal static partial class SourceRules
{
    public const int MostLines = 300;

    public static IEnumerable<string> Violations(RepositoryFile file)
    {
        if (file.Lines.Length > MostLines) yield return $"{file.Path} has {file.Lines.Length} lines, over the limit of {MostLines}";
        for (int i = 0; i < file.Lines.Length; i++)
        {
            if (Region().IsMatch(file.Lines[i])) yield return $"{file.Path}:{i + 1}: a region";
            if (Suppression().IsMatch(file.Lines[i])) yield return $"{file.Path}:{i + 1}: a warning is disabled without a reason on the line";
        }
    }

    [GeneratedRegex(@"^\s*#region\b")]
    private static partial Regex Region();

    [GeneratedRegex(@"^\s*#pragma\s+warning\s+disable\b(?!.*//\s*\S)")]
    private static partial Regex Suppression();
}
