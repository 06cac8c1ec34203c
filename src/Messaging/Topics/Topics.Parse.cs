using static EdgeRuntime.Messaging.TopicPattern;

namespace EdgeRuntime.Messaging;

/// <summary>Builds and parses the topics of the system, see <see cref="TopicKind"/>.</summary>
public static partial class Topics
{
    private const int MaximumLevels = 16;

    private static ReadOnlySpan<byte> Prefix => "edge/v1/"u8;

    /// <summary>Recognises a topic. Allocates nothing; survives any bytes. False for anything that is not exactly one of ours.</summary>
    public static bool TryParse(ReadOnlySpan<byte> topic, out TopicName name)
    {
        name = default;
        if (!topic.StartsWith(Prefix)) return false;
        topic = topic[Prefix.Length..];
        Span<Range> levels = stackalloc Range[MaximumLevels + 1];
        var count = Split(topic, levels);
        if (count < 2 || !TopicIdentifier.IsValid(topic[levels[0]])) return false;
        for (var kind = 0; kind < Table.Length; kind++)
        {
            if (Match((TopicKind)kind, topic, levels[..count], out name)) return true;
        }

        return false;
    }

    /// <summary>Whether a topic is one that this client of this fleet receives answers on, and free of wildcards.</summary>
    public static bool IsClientTopic(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> fleet, ReadOnlySpan<byte> client) =>
        TryParse(topic, out var name) && name.Kind == TopicKind.Client
        && name.Fleet.SequenceEqual(fleet) && name.Owner.SequenceEqual(client);

    /// <summary>Levels of a topic; the last of <see cref="MaximumLevels"/> takes what remains.</summary>
    private static int Split(ReadOnlySpan<byte> topic, Span<Range> levels)
    {
        int count = 0, start = 0;
        while (count < MaximumLevels - 1)
        {
            var length = topic[start..].IndexOf((byte)'/');
            if (length < 0) break;
            levels[count++] = start..(start + length);
            start += length + 1;
        }

        levels[count++] = start..topic.Length;
        return count;
    }

    private static bool Match(TopicKind kind, ReadOnlySpan<byte> topic, scoped ReadOnlySpan<Range> levels, out TopicName name)
    {
        name = default;
        ReadOnlySpan<byte> owner = default, model = default, sender = default, rest = default;
        var pattern = Table[(int)kind];
        var open = pattern[^1].Part == Part.Rest;
        if (open ? levels.Length < pattern.Length + 1 : levels.Length != pattern.Length + 1) return false;
        for (var i = 0; i < pattern.Length; i++)
        {
            var level = topic[levels[i + 1]];
            switch (pattern[i].Part)
            {
                case Part.Literal when level.SequenceEqual(pattern[i].Literal): continue;
                case Part.Owner when TopicIdentifier.IsValid(level): owner = level; continue;
                case Part.Model when TopicIdentifier.IsValid(level): model = level; continue;
                case Part.Sender when TopicIdentifier.IsValid(level): sender = level; continue;
                case Part.Rest when IsPlain(topic[levels[i + 1].Start.Value..]): rest = topic[levels[i + 1].Start.Value..]; continue;
                default: return false;
            }
        }

        name = new TopicName { Kind = kind, Fleet = topic[levels[0]], Owner = owner, Model = model, Sender = sender, Rest = rest };
        return true;
    }

    /// <summary>Not empty, no wildcard, no control character, all of it UTF-8: what a topic to publish to may hold (MQTT 5, 4.7).</summary>
    private static bool IsPlain(ReadOnlySpan<byte> text) =>
        !text.IsEmpty && text.IndexOfAny((byte)'+', (byte)'#') < 0 && text.IndexOfAnyInRange((byte)0, (byte)0x1F) < 0
        && text.IndexOf((byte)0x7F) < 0 && System.Text.Unicode.Utf8.IsValid(text);
}
