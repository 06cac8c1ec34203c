namespace EdgeRuntime.Serving.Configuration;

/// <summary>A configuration cannot be used; the message lists everything that is wrong, one a line, each with its path. Exit code 1.</summary>
internal sealed class ConfigException(string file, IReadOnlyList<string> problems)
    : Exception($"{file}: {(problems.Count == 1 ? "one problem" : $"{problems.Count} problems")}\n  {string.Join("\n  ", problems)}")
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
