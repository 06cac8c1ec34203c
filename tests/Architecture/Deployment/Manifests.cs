using System.Text.Json;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Processes;

namespace EdgeRuntime.Architecture.Tests.Deployment;

/// <summary>The documents of deploy/kubernetes, read by Debian's YAML.</summary>
internal sealed class Manifests
{
    public const string Folder = "deploy/kubernetes";

    // A key that stands twice is an error to Kubernetes, and the last one to this library.
    private const string Convert = """
        import json, sys, yaml
        class Strict(yaml.SafeLoader):
            def construct_mapping(self, node, deep=False):
                names = [self.construct_object(key, deep) for key, _ in node.value if key.tag != 'tag:yaml.org,2002:merge']
                if len(names) != len(set(names)): raise yaml.constructor.ConstructorError(None, None, f'a key stands twice', node.start_mark)
                return super().construct_mapping(node, deep)
        for path in sys.argv[1:]:
            for document in yaml.load_all(open(path, encoding='utf-8'), Strict):
                print(json.dumps({'path': path, 'document': document}))
        """;

    private Manifests(IReadOnlyList<JsonElement> documents) => Documents = documents;

    public IReadOnlyList<JsonElement> Documents { get; }

    public static IEnumerable<string> Files => RepositoryFiles.Find("*.yaml", Folder).Select(file => Path.GetFileName(file.Path));

    public static async Task<Manifests> ReadAsync()
    {
        var paths = Files.Select(name => Path.Combine(RepositoryPaths.Root, Folder, name));
        var lines = (await ProcessRun.RunAsync("/usr/bin/python3", ["-c", Convert, .. paths])).Expect().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return new Manifests([.. lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("document"))]);
    }

    public JsonElement Get(string kind, string name) => Documents.Single(document => At(document, "kind") == kind && At(document, "metadata.name") == name);

    public IEnumerable<JsonElement> Of(string kind) => Documents.Where(document => At(document, "kind") == kind);

    /// <summary>The text at a path of members; empty where it is not there.</summary>
    public static string At(JsonElement document, string path) => Find(document, path) is { } found ? found.ToString() : "";

    public static JsonElement? Find(JsonElement document, string path)
    {
        foreach (var member in path.Split('.'))
            if (document.ValueKind != JsonValueKind.Object || !document.TryGetProperty(member, out document)) return null;
        return document;
    }

    /// <summary>Every value of a member of a name, at whatever depth.</summary>
    public static IEnumerable<JsonElement> All(JsonElement node, string name) => node.ValueKind switch
    {
        JsonValueKind.Object => node.EnumerateObject().SelectMany(member => member.Name == name ? [member.Value] : All(member.Value, name)),
        JsonValueKind.Array => node.EnumerateArray().SelectMany(element => All(element, name)),
        _ => [],
    };
}
