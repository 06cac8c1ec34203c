using System.Text.Json;

namespace EdgeRuntime.Bundles.Targets;

/// <summary>
/// The part of JSON Schema that targets/schema.json uses: type, enum, pattern, bounds, required and additional members, items. Every violation is
/// reported with its path; a keyword that it does not know is an error of the schema, not passed over.
/// </summary>
internal sealed class SchemaCheck
{
    // The patterns of the schema, as code: a regular expression engine is not worth a megabyte of the runtime.
    private static readonly Dictionary<string, Func<string, bool>> Patterns = new(StringComparer.Ordinal)
    {
        ["^[a-z0-9][a-z0-9._-]{0,63}$"] = text => Identifier.IsValid(text),
        ["^/"] = text => text.StartsWith('/'),
    };

    private readonly List<string> _problems = [];

    public static List<string> Problems(JsonElement schema, JsonElement value)
    {
        var check = new SchemaCheck();
        check.Value("", schema, value);
        return check._problems;
    }

    private void Value(string path, JsonElement schema, JsonElement value)
    {
        if (schema.TryGetProperty("type", out var type) && !IsOf(type.GetString()!, value))
        {
            Problem(path, $"is {Shown(value)}, not of type {type.GetString()}");
            return;
        }
        foreach (var keyword in schema.EnumerateObject()) Keyword(path, schema, keyword, value);
    }

    private void Keyword(string path, JsonElement schema, JsonProperty keyword, JsonElement value)
    {
        var rule = keyword.Value;
        switch (keyword.Name)
        {
            case "$schema" or "title" or "description" or "type" or "properties": break;
            case "enum" when !rule.EnumerateArray().Any(one => one.ValueEquals(value.GetString())): Problem(path, $"{Shown(value)} is not one of {string.Join(", ", rule.EnumerateArray())}"); break;
            case "pattern" when !Patterns[rule.GetString()!](value.GetString()!): Problem(path, $"{Shown(value)} does not match {rule}"); break;
            case "minimum" when value.GetDouble() < rule.GetDouble(): Problem(path, $"{Shown(value)} is below {rule}"); break;
            case "maximum" when value.GetDouble() > rule.GetDouble(): Problem(path, $"{Shown(value)} is above {rule}"); break;
            case "minItems" when value.GetArrayLength() < rule.GetInt32(): Problem(path, $"holds {value.GetArrayLength()} items, at least {rule} are needed"); break;
            case "uniqueItems" when value.EnumerateArray().DistinctBy(item => item.GetRawText()).Count() < value.GetArrayLength(): Problem(path, "names one twice"); break;
            case "enum" or "pattern" or "minimum" or "maximum" or "minItems" or "uniqueItems": break;
            case "items": Items(path, rule, value); break;
            case "required": Required(path, rule, value); break;
            case "additionalProperties": Members(path, schema.GetProperty("properties"), value); break;
            default: throw new NotSupportedException($"the schema uses '{keyword.Name}', which this check does not know");
        }
    }

    private void Items(string path, JsonElement rule, JsonElement value)
    {
        var index = 0;
        foreach (var item in value.EnumerateArray()) Value($"{path}[{index++}]", rule, item);
    }

    private void Required(string path, JsonElement names, JsonElement value)
    {
        foreach (var name in names.EnumerateArray())
            if (!value.TryGetProperty(name.GetString()!, out _)) Problem(Below(path, name.GetString()!), "is missing");
    }

    private void Members(string path, JsonElement known, JsonElement value)
    {
        foreach (var member in value.EnumerateObject())
        {
            if (known.TryGetProperty(member.Name, out var rule)) Value(Below(path, member.Name), rule, member.Value);
            else Problem(Below(path, Identifier.Quote(member.Name)), "is not known");
        }
    }

    private static bool IsOf(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "number" => value.ValueKind == JsonValueKind.Number && double.IsFinite(value.GetDouble()),
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        _ => throw new NotSupportedException($"the schema uses the type '{type}', which this check does not know"),
    };

    private void Problem(string path, string what) => _problems.Add($"{(path.Length == 0 ? "the file" : path)} {what}");

    private static string Below(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static string Shown(JsonElement value) => $"'{Identifier.Quote(value.ToString())}'";
}
