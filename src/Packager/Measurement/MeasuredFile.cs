using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Gate;

namespace EdgeRuntime.Packaging.Measurement;

/// <summary>What varies from build to build, kept beside the bundle so that another build can have the same bytes: <c>OUT.measured.json</c>.</summary>
internal sealed record MeasuredFile
{
    public const string Suffix = ".measured.json";
    private const long MaximumSize = 4 << 20;

    /// <summary>By variant id.</summary>
    public required SortedDictionary<string, MeasuredVariant> Variants { get; init; }

    /// <exception cref="PackagerException">It is missing, too large or no such file.</exception>
    public static MeasuredFile Load(string path)
    {
        try
        {
            var info = new FileInfo(path);
            if (!info.Exists) throw new PackagerException($"{path}: no such file of measurements");
            if (info.Length > MaximumSize) throw new PackagerException($"{path}: {info.Length} bytes are over the limit of {MaximumSize}");
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), MeasuredContext.Default.MeasuredFile) ?? throw new PackagerException($"{path}: holds null");
        }
        catch (JsonException error)
        {
            throw new PackagerException($"{path}: no file of measurements: {error.Message}", error);
        }
    }

    public void Save(string path) => File.WriteAllBytes(path, [.. JsonSerializer.SerializeToUtf8Bytes(this, MeasuredContext.Default.MeasuredFile), (byte)'\n']);

    /// <exception cref="PackagerException">There is nothing of the variant, or what there is was measured of other files.</exception>
    public MeasuredVariant Of(string id, Sha256Digest digest, string origin)
    {
        if (!Variants.TryGetValue(id, out var measured)) throw new PackagerException($"{origin}: no variant '{id}', only {string.Join(", ", Variants.Keys)}");
        return measured.Digest == digest.ToString()
            ? measured
            : throw new PackagerException($"{origin}: variant '{id}' was measured as {measured.Digest}, this one is {digest}: measure again");
    }
}

/// <summary>What was measured of one variant.</summary>
internal sealed record MeasuredVariant
{
    /// <summary>Of the variant's files, so that figures are never taken for those of another.</summary>
    public required string Digest { get; init; }

    public required long PeakMemoryBytes { get; init; }

    public required IReadOnlyList<Latency> Latencies { get; init; }

    /// <summary>With the parent; null where it was not timed against it. A variant that was refused for it has nothing else.</summary>
    public SpeedComparison? Comparison { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n", MaxDepth = 8,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(MeasuredFile))]
internal sealed partial class MeasuredContext : JsonSerializerContext;
