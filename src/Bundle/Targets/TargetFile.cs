using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeRuntime.Bundles;

/// <summary>Reads targets: those built in by name, others by path.</summary>
public static class TargetFile
{
    private const int MaximumSize = 256 << 10, MaximumDepth = 8;
    private const string Prefix = "targets.", Suffix = ".json";

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
            var target = JsonSerializer.Deserialize(json, TargetContext.Default.Target)
                ?? throw new BundleException(BundleError.InvalidTarget, $"{origin}: holds null");
            var problems = TargetRules.Problems(target);
            return problems.Count == 0 ? target : throw new BundleException(BundleError.InvalidTarget, $"{origin}: {string.Join("\n  ", problems)}");
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException)
        {
            throw new BundleException(BundleError.InvalidTarget, $"{origin}: {Identifier.Quote(error.Message)}", error);
        }
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
