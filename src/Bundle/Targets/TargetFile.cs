using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeRuntime.Bundles.Targets;

namespace EdgeRuntime.Bundles;

/// <summary>Reads targets: those built in by name, others by path.</summary>
public static class TargetFile
{
    private const int MaximumSize = 256 << 10, MaximumDepth = 8;
    private const string Prefix = "targets.", Suffix = ".json";

    private static readonly JsonDocument Schema = ReadSchema();

    /// <summary>The names that need no file: the project's targets/ folder, built in.</summary>
    public static IReadOnlyList<string> BuiltIn { get; } =
        [.. typeof(TargetFile).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..^Suffix.Length]).Order(StringComparer.Ordinal)];

    /// <param name="nameOrPath">A built-in name, or the path of a file (with a '/' or ending in .json).</param>
    /// <exception cref="BundleException">Unknown, unreadable or invalid; every problem of the file is listed.</exception>
    public static Target Load(string nameOrPath)
    {
        if (nameOrPath.Contains('/') || nameOrPath.EndsWith(Suffix, StringComparison.Ordinal)) return Read(FileBytes(nameOrPath), nameOrPath);
        using var stream = typeof(TargetFile).Assembly.GetManifestResourceStream(Prefix + nameOrPath + Suffix)
            ?? throw new BundleException(BundleError.InvalidTarget, $"unknown target '{Identifier.Quote(nameOrPath)}': give a path, or one of {string.Join(", ", BuiltIn)}");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return Read(bytes, nameOrPath);
    }

    internal static Target Read(ReadOnlySpan<byte> json, string origin)
    {
        try
        {
            StrictJson.Check(json, MaximumDepth);
            using var document = JsonDocument.Parse(json.ToArray());
            var problems = SchemaCheck.Problems(Schema.RootElement, document.RootElement);
            var target = ReadOrNull(json, mayFail: problems.Count > 0);
            if (target is not null) problems.AddRange(TargetRules.Problems(target));
            return problems.Count == 0 ? target! : throw new BundleException(BundleError.InvalidTarget, $"{origin}: {string.Join("\n  ", problems)}");
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException)
        {
            throw new BundleException(BundleError.InvalidTarget, $"{origin}: {Identifier.Quote(error.Message)}", error);
        }
    }

    // A file of the wrong shape has its problems listed already; one of the right shape is read, so that the rules find theirs too.
    private static Target? ReadOrNull(ReadOnlySpan<byte> json, bool mayFail)
    {
        try
        {
            return JsonSerializer.Deserialize(json, TargetContext.Default.Target);
        }
        catch (JsonException) when (mayFail)
        {
            return null;
        }
    }

    private static JsonDocument ReadSchema()
    {
        using var stream = typeof(TargetFile).Assembly.GetManifestResourceStream("target-schema.json")!;
        return JsonDocument.Parse(stream);
    }

    private static byte[] FileBytes(string path)
    {
        var info = new FileInfo(path);
        if (!info.Exists) throw new BundleException(BundleError.InvalidTarget, $"{path}: no such target file");
        return info.Length <= MaximumSize ? File.ReadAllBytes(path) : throw new BundleException(BundleError.InvalidTarget, $"{path}: {info.Length} bytes are over the limit of {MaximumSize}");
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, ReadCommentHandling = JsonCommentHandling.Disallow,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    Converters = [typeof(ByteCountConverter)])]
[JsonSerializable(typeof(Target))]
internal sealed partial class TargetContext : JsonSerializerContext;
