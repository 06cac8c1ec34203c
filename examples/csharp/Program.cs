// Asks a device for an inference over MQTT 5 and prints the answer as one JSON line. Needs libmosquitto1.
//
// Usage: infer HOST PORT FLEET DEVICE MODEL CLIENT FILE [HEADER_LENGTH]
// FILE is an image (.jpg, .png), a request in JSON (.json), or with HEADER_LENGTH a request with binary tensors.
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeRuntime.Messaging;

const int Seconds = 10;

if (args.Length is not (7 or 8) || !int.TryParse(args[1], out var port))
{
    Console.Error.WriteLine("usage: infer HOST PORT FLEET DEVICE MODEL CLIENT FILE [HEADER_LENGTH]");
    return 2;
}
var (fleet, device, model, client, file) = (args[2], args[3], args[4], args[5], args[6]);
var contentType = args.Length == 8 ? "application/octet-stream" : Path.GetExtension(file).ToLowerInvariant() switch
{
    ".jpg" or ".jpeg" => "image/jpeg",
    ".png" => "image/png",
    ".json" => "application/json",
    _ => null,
};
if (contentType is null)
{
    Console.Error.WriteLine($"{file}: not one of .jpg, .jpeg, .png, .json");
    return 2;
}

var answers = $"edge/v1/{fleet}/c/{client}/answers";
var correlation = RandomNumberGenerator.GetBytes(8);
var wishes = new MqttUserProperties().Add("deadline-ms", $"{Seconds * 1000}").Add("accept", "application/json");
if (args.Length == 8) wishes.Add("inference-header-content-length", args[7]);

var answered = new TaskCompletionSource<MqttMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
void Take(MqttMessage message)
{
    if (message.CorrelationData.SequenceEqual(correlation) && answered.TrySetResult(message)) return;
    message.Dispose(); // of an earlier request
}

await using var link = MosquittoLink.Create(new MqttLinkOptions { Host = args[0], Port = port, ClientId = client }, Take, TimeProvider.System);
using var late = new CancellationTokenSource(TimeSpan.FromSeconds(Seconds));
try
{
    await link.ConnectAsync(late.Token);
    link.Subscribe(answers, MqttQos.AtLeastOnce);
    link.TryPublish(new MqttPublication(Encoding.UTF8.GetBytes($"edge/v1/{fleet}/d/{device}/infer/{model}/{client}"), File.ReadAllBytes(file))
    {
        Qos = MqttQos.AtLeastOnce,
        ResponseTopic = Encoding.UTF8.GetBytes(answers),
        CorrelationData = correlation,
        ContentType = Encoding.UTF8.GetBytes(contentType),
        Expiry = TimeSpan.FromSeconds(Seconds),
        UserProperties = wishes,
    });
    using var answer = await answered.Task.WaitAsync(late.Token);
    await link.DisconnectAsync(TimeSpan.FromSeconds(1), CancellationToken.None);

    string? Told(string name) => answer.TryGetUserProperty(Encoding.UTF8.GetBytes(name), out ReadOnlySpan<byte> value) ? Encoding.UTF8.GetString(value) : null;
    var body = JsonNode.Parse(answer.Payload.Span)!;
    var result = new JsonObject();
    foreach (var name in (string[])["status", "variant", "route"])
        if (Told(name) is { } value) result[name] = value;
    if (body["error"] is { } error) result["error"] = error.DeepClone();
    else result["outputs"] = new JsonObject(body["outputs"]!.AsArray().Select(output => KeyValuePair.Create((string)output!["name"]!, output["data"]?.DeepClone())));
    Console.WriteLine(result.ToJsonString(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
    return Told("status") == "OK" ? 0 : 1;
}
catch (Exception failure) when (failure is OperationCanceledException or MqttLinkException)
{
    Console.Error.WriteLine($"{device} did not answer within {Seconds} s: {failure.Message}");
    return 1;
}
