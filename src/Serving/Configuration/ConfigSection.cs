using System.Globalization;
using System.Text.Json;
using EdgeRuntime.Bundles;

namespace EdgeRuntime.Serving.Configuration;

/// <summary>
/// One object of a configuration file. Members are asked for by name; what is wrong with one is noted with its path and a usable value is
/// given, so that one reading finds everything that is wrong. <see cref="Close"/> notes the members that nobody asked for.
/// </summary>
internal sealed class ConfigSection
{
    private readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly List<string> _problems;
    private readonly string _path;

    public ConfigSection(JsonElement json, string path, List<string> problems)
    {
        (_path, _problems) = (path, problems);
        if (json.ValueKind != JsonValueKind.Object)
        {
            problems.Add($"{path}: must be an object, is {Describe(json)}");
            return;
        }
        foreach (var member in json.EnumerateObject())
            if (!_members.TryAdd(member.Name, member.Value)) problems.Add($"{PathOf(member.Name)}: stands twice");
    }

    public void Problem(string name, string what) => _problems.Add($"{PathOf(name)}: {what}");

    /// <summary>Whether a member stands there, be it right or wrong.</summary>
    public bool Has(string name) => _members.ContainsKey(name);

    public string? Text(string name) => Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text
        : Wrong<string>(name, value, "a text that is not empty");

    public string RequiredText(string name)
    {
        if (!_members.ContainsKey(name)) Missing(name);
        return Text(name) ?? "";
    }

    /// <summary>A required name of fleet, device or model.</summary>
    public string RequiredIdentifier(string name)
    {
        if (!_members.ContainsKey(name)) Missing(name);
        return OptionalIdentifier(name) ?? "";
    }

    public string? OptionalIdentifier(string name)
    {
        var text = Text(name);
        if (text is not null && !Identifier.IsValid(text)) Problem(name, $"'{Identifier.Quote(text)}' is not a name of 1 to 64 characters a-z, 0-9, '.', '_', '-' that starts with a letter or digit");
        return text;
    }

    public string OneOf(string name, string otherwise, params ReadOnlySpan<string> values)
    {
        if (Text(name) is not { } text) return otherwise;
        if (values.Contains(text)) return text;
        Problem(name, $"'{Identifier.Quote(text)}' is not one of {string.Join(", ", values.ToArray())}");
        return otherwise;
    }

    public long Whole(string name, long otherwise, long least, long most)
    {
        if (Find(name) is not { } value) return otherwise;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= least && number <= most) return number;
        Problem(name, string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {least} to {most}, is {Describe(value)}"));
        return otherwise;
    }

    public double Number(string name, double otherwise, double least, double most)
    {
        if (Find(name) is not { } value) return otherwise;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= least && number <= most) return number;
        Problem(name, string.Create(CultureInfo.InvariantCulture, $"must be a number from {least} to {most}, is {Describe(value)}"));
        return otherwise;
    }

    public bool Flag(string name, bool otherwise) => Find(name) is not { } value ? otherwise
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : Wrong(name, value, "true or false", otherwise);

    public ConfigSection? Section(string name) => Find(name) is { } value ? new ConfigSection(value, PathOf(name), _problems) : null;

    public ConfigSection RequiredSection(string name)
    {
        if (!_members.ContainsKey(name)) Missing(name);
        return Section(name) ?? new ConfigSection(EmptyObject(), PathOf(name), []);
    }

    public IReadOnlyList<ConfigSection> Sections(string name, int most) =>
        [.. Items(name, most).Select((item, i) => new ConfigSection(item, $"{PathOf(name)}[{i}]", _problems))];

    public IReadOnlyList<string> Texts(string name, int most)
    {
        var texts = new List<string>();
        foreach (var item in Items(name, most))
        {
            if (item.ValueKind == JsonValueKind.String && item.GetString() is { Length: > 0 } text) texts.Add(text);
            else Wrong<string>($"{name}[{texts.Count}]", item, "a text that is not empty");
        }
        return texts;
    }

    /// <summary>Notes the members that are not part of the configuration.</summary>
    public void Close()
    {
        foreach (var name in _members.Keys.Where(name => !_known.Contains(name) && name != "$schema"))
            _problems.Add($"{PathOf(Identifier.Quote(name))}: unknown; known here are {string.Join(", ", _known.Order(StringComparer.Ordinal))}");
    }

    private IEnumerable<JsonElement> Items(string name, int most)
    {
        if (Find(name) is not { } value) return [];
        if (value.ValueKind != JsonValueKind.Array) return Wrong<JsonElement[]>(name, value, "a list") ?? [];
        if (value.GetArrayLength() > most) Problem(name, $"holds {value.GetArrayLength()}, over the limit of {most}");
        return value.EnumerateArray().Take(most);
    }

    private JsonElement? Find(string name)
    {
        _known.Add(name);
        return _members.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    private T? Wrong<T>(string name, JsonElement value, string wanted, T? instead = default)
    {
        Problem(name, $"must be {wanted}, is {Describe(value)}");
        return instead;
    }

    private void Missing(string name) => Problem(name, "is missing");

    private string PathOf(string name) => $"{_path}.{name}";

    private static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        _ => Identifier.Quote(value.GetRawText()),
    };

    private static JsonElement EmptyObject()
    {
        using var document = JsonDocument.Parse("{}");
        return document.RootElement.Clone();
    }
}
