using System.Text.Json;

namespace EdgeRuntime.Bundles;

/// <summary>What System.Text.Json lets pass and a trusted document must not hold: repeated members, null, endless nesting.</summary>
internal static class StrictJson
{
    /// <summary>Walks the whole document; gives the value of a whole number among the top members, 0 where it is absent.</summary>
    /// <exception cref="JsonException">Not JSON, nested deeper than <paramref name="maximumDepth"/>, with a member twice in an object, or with null: what is absent is left out.</exception>
    public static long Check(ReadOnlySpan<byte> json, int maximumDepth, ReadOnlySpan<byte> number = default)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = maximumDepth });
        var members = new Stack<HashSet<string>?>();
        long found = 0;
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    members.Push(new HashSet<string>(StringComparer.Ordinal));
                    break;
                case JsonTokenType.StartArray:
                    members.Push(null);
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    members.Pop();
                    break;
                case JsonTokenType.Null:
                    throw new JsonException($"null at byte {reader.TokenStartIndex}: leave out what there is not");
                case JsonTokenType.PropertyName:
                    var name = reader.GetString() ?? "";
                    if (!members.Peek()!.Add(name)) throw new JsonException($"the member '{Identifier.Quote(name)}' stands twice in one object");
                    if (members.Count == 1 && !number.IsEmpty && reader.ValueTextEquals(number)) found = NumberAfter(ref reader);
                    break;
            }
        }
        return found;
    }

    private static long NumberAfter(ref Utf8JsonReader reader)
    {
        var ahead = reader;
        return ahead.Read() && ahead.TokenType == JsonTokenType.Number && ahead.TryGetInt64(out var value) ? value : 0;
    }
}
