using System.Text.Json;
using EdgeRuntime.Bundles;
using EdgeRuntime.Device.Configuration;
using EdgeRuntime.Offload.Configuration;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.TestKit;

namespace EdgeRuntime.Architecture.Tests.Documentation;

/// <summary>Reads an example of edge-runtime.json or edge-offload.json as its program does, in a folder that has the files which it names.</summary>
internal static class ExampleConfiguration
{
    private static readonly string[] FileMembers = ["ca", "certificate", "key", "passwordFile", "source"];

    /// <exception cref="ConfigException">It is not one.</exception>
    public static ServingSettings Load(string json)
    {
        using var folder = new TempFolder();
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip });
        foreach (var file in Files(document.RootElement)) Create(folder[file]);
        if (document.RootElement.TryGetProperty("trust", out var trust))
            foreach (var keys in trust.GetProperty("keys").EnumerateArray()) SigningKey.Generate(SignatureAlgorithm.Ed25519).Save(folder[keys.GetString()!], "release");
        File.WriteAllText(folder["configuration.json"], json);
        return document.RootElement.TryGetProperty("server", out _) ? OffloadConfig.Load(folder["configuration.json"]).Serving : RuntimeConfig.Load(folder["configuration.json"]).Serving;
    }

    private static IEnumerable<string> Files(JsonElement root) => root.GetProperty("broker").EnumerateObject()
        .Concat(root.TryGetProperty("models", out var models) ? models.EnumerateArray().SelectMany(model => model.EnumerateObject()) : [])
        .Where(member => FileMembers.Contains(member.Name)).Select(member => member.Value.GetString()!);

    private static void Create(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "");
    }
}
