using System.Globalization;

namespace EdgeRuntime.TestKit.Clients;

/// <summary>One request of an outside client: where the broker is, who asks which model of which device, and the file to send.</summary>
public sealed record InferenceCall
{
    public string Host { get; init; } = "127.0.0.1";

    public required int Port { get; init; }

    public required string Fleet { get; init; }

    public required string Device { get; init; }

    public required string Model { get; init; }

    public required string Client { get; init; }

    /// <summary>An image (.jpg, .png), a JSON request (.json), or a binary request where <see cref="HeaderLength"/> is set.</summary>
    public required string File { get; init; }

    /// <summary>Bytes of the JSON header of a binary request.</summary>
    public int? HeaderLength { get; init; }

    /// <summary>How long to wait for the answer; also the request's deadline and expiry. Whole seconds.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(10);

    internal string RequestTopic => $"edge/v1/{Fleet}/d/{Device}/infer/{Model}/{Client}";

    internal string AnswerTopic => $"edge/v1/{Fleet}/c/{Client}/answers";

    internal string ContentType => HeaderLength is not null ? "application/octet-stream" : Path.GetExtension(File) switch
    {
        ".jpg" or ".jpeg" => "image/jpeg",
        ".png" => "image/png",
        ".json" => "application/json",
        var other => throw new ArgumentException($"{File}: no content type is known for '{other}'"),
    };

    // HOST PORT FLEET DEVICE MODEL CLIENT FILE [HEADER_LENGTH], as the programs under examples/ take them.
    internal string[] Arguments =>
    [
        Host, Port.ToString(CultureInfo.InvariantCulture), Fleet, Device, Model, Client, File,
        .. HeaderLength is { } length ? [length.ToString(CultureInfo.InvariantCulture)] : Array.Empty<string>(),
    ];
}
