using System.Text.Json.Serialization;
using EdgeRuntime.Packaging.Building;

namespace EdgeRuntime.Packaging.Commands;

/// <summary>The JSON form of results.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n", DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BuildResult))]
internal sealed partial class BuildResultContext : JsonSerializerContext;
