using System.Text.Json;
using EdgeRuntime.TestKit.Processes;

namespace EdgeRuntime.TestKit.Clients;

/// <summary>What an outside client got.</summary>
/// <param name="Status">The user property <c>status</c>; null where there was none.</param>
/// <param name="Properties">All user properties; of the programs under examples/ only what they print.</param>
/// <param name="Outputs">Data by output name; empty for an error.</param>
/// <param name="Error">The error's text; null for an answer.</param>
/// <param name="Process">The program's exit code and all it printed.</param>
public sealed record ClientAnswer(
    string? Status, IReadOnlyDictionary<string, string> Properties, IReadOnlyDictionary<string, JsonElement> Outputs, string? Error, ProcessResult Process)
{
    /// <summary>Elements of an output of strings.</summary>
    public string[] Texts(string output) => [.. Outputs[output].EnumerateArray().Select(element => element.GetString()!)];

    // The line of a program under examples/: {"status", "variant", "route", "outputs": {name: data}} or {"status", "error"}.
    internal static ClientAnswer OfExample(ProcessResult process)
    {
        var line = Parse(process);
        var properties = line.EnumerateObject().Where(member => member.Value.ValueKind == JsonValueKind.String && member.Name != "error");
        return new ClientAnswer(
            Text(line, "status"), properties.ToDictionary(member => member.Name, member => member.Value.GetString()!),
            line.TryGetProperty("outputs", out var outputs) ? outputs.EnumerateObject().ToDictionary(member => member.Name, member => member.Value) : [],
            Text(line, "error"), process);
    }

    // The line of mosquitto_rr and mosquitto_sub with -F %J.
    internal static ClientAnswer OfMosquitto(ProcessResult process)
    {
        var message = Parse(process);
        var properties = message.GetProperty("properties").TryGetProperty("user-properties", out var user)
            ? user.EnumerateObject().ToDictionary(member => member.Name, member => member.Value.GetString()!) : [];
        var payload = message.GetProperty("payload");
        var outputs = payload.TryGetProperty("outputs", out var list)
            ? list.EnumerateArray().ToDictionary(output => output.GetProperty("name").GetString()!, output => output.GetProperty("data")) : [];
        return new ClientAnswer(properties.GetValueOrDefault("status"), properties, outputs, Text(payload, "error"), process);
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var text) ? text.GetString() : null;

    private static JsonElement Parse(ProcessResult process)
    {
        var line = process.Output.Split('\n').LastOrDefault(candidate => candidate.StartsWith('{'))
            ?? throw new InvalidOperationException($"{process.Command}: no answer, exit code {process.ExitCode}\n--- stdout\n{process.Output}\n--- stderr\n{process.Error}");
        using var document = JsonDocument.Parse(line);
        return document.RootElement.Clone();
    }
}
