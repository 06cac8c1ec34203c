namespace EdgeRuntime.Architecture.Tests.Deployment;

/// <summary>The settings of a systemd unit or of a drop-in.</summary>
internal sealed class UnitFile(RepositoryFile file)
{
    public IReadOnlyList<(string Name, string Value)> Settings { get; } =
        [.. file.Lines.Where(line => line.Length > 0 && line[0] is not ('#' or '[')).Select(line => line.Split('=', 2)).Select(pair => (pair[0], pair[1]))];

    public IEnumerable<string> All(string name) => Settings.Where(setting => setting.Name == name).Select(setting => setting.Value);

    public string Get(string name) => All(name).Single();
}
