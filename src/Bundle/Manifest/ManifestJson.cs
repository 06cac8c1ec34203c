using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeRuntime.Bundles;

/// <summary>manifest.json: the same manifest always gives the same bytes, and only a valid manifest is ever returned.</summary>
public static class ManifestJson
{
    /// <summary>Bytes; a manifest of a hundred variants with a thousand entries has a fifth of that.</summary>
    public const int MaximumSize = 4 << 20;

    internal const int MaximumDepth = 16;

    public static byte[] Write(Manifest manifest)
    {
        ManifestRules.Require(manifest);
        var sorted = new SortedDictionary<string, EntryInfo>(manifest.Entries.ToDictionary(), StringComparer.Ordinal);
        return [.. JsonSerializer.SerializeToUtf8Bytes(manifest with { Entries = sorted }, ManifestContext.Default.Manifest), (byte)'\n'];
    }

    /// <summary>Reads and validates. Call only with bytes whose signature holds.</summary>
    /// <exception cref="BundleException">Not JSON, not of a known version, or with any invalid member; all problems are named.</exception>
    public static Manifest Read(ReadOnlySpan<byte> json)
    {
        if (json.Length > MaximumSize)
            throw new BundleException(BundleError.LimitExceeded, $"manifest.json has {new ByteCount(json.Length)}, over the limit of {new ByteCount(MaximumSize)}");
        try
        {
            var version = StrictJson.Check(json, MaximumDepth, "formatVersion"u8);
            if (version is < 1 or > Manifest.CurrentFormatVersion)
                throw new BundleException(BundleError.UnsupportedVersion, $"manifest.json is of format version {version}, this reader knows 1 to {Manifest.CurrentFormatVersion}");
            var manifest = JsonSerializer.Deserialize(json, ManifestContext.Default.Manifest)
                ?? throw new BundleException(BundleError.InvalidManifest, "manifest.json holds null");
            ManifestRules.Require(manifest);
            return manifest;
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException)
        {
            throw new BundleException(BundleError.InvalidManifest, $"manifest.json: {Identifier.Quote(error.Message)}", error);
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n", MaxDepth = ManifestJson.MaximumDepth,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(DigestConverter), typeof(ByteCountConverter), typeof(ElementTypeConverter)])]
[JsonSerializable(typeof(Manifest))]
internal sealed partial class ManifestContext : JsonSerializerContext;

internal sealed class DigestConverter : JsonConverter<Sha256Digest>
{
    public override Sha256Digest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Sha256Digest.Parse(reader.GetString());

    public override void Write(Utf8JsonWriter writer, Sha256Digest value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

internal sealed class ByteCountConverter : JsonConverter<ByteCount>
{
    public override ByteCount Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt64());

    public override void Write(Utf8JsonWriter writer, ByteCount value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Bytes);
}

internal sealed class ElementTypeConverter : JsonConverter<ElementType>
{
    public override ElementType Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var name = reader.GetString() ?? "";
        var type = ElementTypes.FromProtocolName(name);
        return type != ElementType.Undefined ? type : throw new JsonException($"'{Identifier.Quote(name)}' is no element type");
    }

    public override void Write(Utf8JsonWriter writer, ElementType value, JsonSerializerOptions options) => writer.WriteStringValue(value.ProtocolName());
}
