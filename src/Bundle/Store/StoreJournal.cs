using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeRuntime.Bundles.Store;

/// <summary>ROOT/state/models.json: replaced as a whole by a rename, so that it is always either the old or the new one.</summary>
internal sealed class StoreJournal(string root, IStorage storage)
{
    private const int MaximumSize = 4 << 20, MaximumDepth = 6;
    private readonly string _folder = Path.Combine(root, "state");

    private string FilePath => Path.Combine(_folder, "models.json");

    public SortedDictionary<string, ModelRecord> Read()
    {
        if (!File.Exists(FilePath)) return new(StringComparer.Ordinal);
        var info = new FileInfo(FilePath);
        if (info.Length > MaximumSize) throw new BundleException(BundleError.StoreDamaged, $"{FilePath}: {info.Length} bytes are over the limit of {MaximumSize}");
        try
        {
            var bytes = File.ReadAllBytes(FilePath);
            StrictJson.Check(bytes, MaximumDepth);
            var journal = JsonSerializer.Deserialize(bytes, JournalContext.Default.Journal);
            return journal is { Version: 1 }
                ? new SortedDictionary<string, ModelRecord>(journal.Models.ToDictionary(), StringComparer.Ordinal)
                : throw new BundleException(BundleError.StoreDamaged, $"{FilePath}: journal version {journal?.Version}, 1 is known");
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException)
        {
            throw new BundleException(BundleError.StoreDamaged, $"{FilePath}: {Identifier.Quote(error.Message)}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BundleException(BundleError.Storage, $"reading {FilePath}: {error.Message}", error);
        }
    }

    public void Write(SortedDictionary<string, ModelRecord> models)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(new Journal(1, models), JournalContext.Default.Journal);
        if (bytes.Length > MaximumSize) throw new BundleException(BundleError.LimitExceeded, $"{FilePath}: {models.Count} entries take {bytes.Length} bytes, over the limit of {MaximumSize}");
        storage.CreateFolder(_folder);
        var next = FilePath + ".next";
        using (var content = new MemoryStream(bytes)) storage.WriteFile(next, content);
        storage.Move(next, FilePath);
        storage.FlushFolder(_folder);
    }
}

internal sealed record Journal(int Version, IReadOnlyDictionary<string, ModelRecord> Models);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n",
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = [typeof(DigestConverter)])]
[JsonSerializable(typeof(Journal))]
internal sealed partial class JournalContext : JsonSerializerContext;
