using System.Text;

namespace EdgeRuntime.Messaging;

/// <summary>The topics after the prefix, as one table: what is built and what is parsed cannot differ.</summary>
internal static class TopicPattern
{
    internal enum Part
    {
        Literal,
        Owner,
        Model,
        Sender,
        Rest,
    }

    internal readonly record struct Level(Part Part, byte[] Literal);

    /// <summary>Indexed by <see cref="TopicKind"/>.</summary>
    internal static readonly Level[][] Table =
    [
        Parse("d/{owner}/infer/{model}/{sender}"),
        Parse("d/{owner}/cancel/{sender}"),
        Parse("d/{owner}/state"),
        Parse("d/{owner}/models"),
        Parse("d/{owner}/metrics"),
        Parse("d/{owner}/update/notify"),
        Parse("d/{owner}/update/status"),
        Parse("d/{owner}/rsp/offload"),
        Parse("d/{owner}/rsp/repo"),
        Parse("offload/pool/{owner}/infer/{model}/{sender}"),
        Parse("offload/server/{owner}/infer/{model}/{sender}"),
        Parse("offload/server/{owner}/state"),
        Parse("offload/server/{owner}/cancel/{sender}"),
        Parse("repo/{owner}/get/{sender}"),
        Parse("c/{owner}/{rest}"),
    ];

    private static Level[] Parse(string pattern) => [.. pattern.Split('/').Select(level => level switch
    {
        "{owner}" => new Level(Part.Owner, []),
        "{model}" => new Level(Part.Model, []),
        "{sender}" => new Level(Part.Sender, []),
        "{rest}" => new Level(Part.Rest, []),
        _ => new Level(Part.Literal, Encoding.UTF8.GetBytes(level)),
    })];
}
