using System.Text.Json.Serialization;

namespace EdgeRuntime.Inference.Cache;

/// <summary>key.json: what an entry was made from, what it holds, and why it has the form that it has.</summary>
internal sealed record EntryRecord
{
    public const int CurrentFormat = 1;

    public required int Format { get; init; }

    public required CacheKey Key { get; init; }

    /// <summary>The form that was chosen; <see cref="SessionForm.Plain"/> has no files: the bundle's own are best.</summary>
    public required SessionForm Form { get; init; }

    /// <summary>Size and digest of each file, by name.</summary>
    public required IReadOnlyDictionary<string, FileRecord> Files { get; init; }

    /// <summary>What was measured of each form, the reference in private memory first.</summary>
    public required IReadOnlyList<FormRecord> Measured { get; init; }
}

/// <summary>Size in bytes and SHA-256 in hexadecimal digits.</summary>
internal sealed record FileRecord(long Size, string Sha256);

/// <summary>One form: the median of a run's time, its ratio to the reference (median of interleaved pairs), private memory, time to open.</summary>
internal sealed record FormRecord(SessionForm Form, double RunMilliseconds, double RatioToPlain, long AnonymousBytes, double OpenMilliseconds);

[JsonSourceGenerationOptions(
    WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, MaxDepth = 8)]
[JsonSerializable(typeof(EntryRecord))]
internal sealed partial class CacheJson : JsonSerializerContext;
