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

var limit = TimeSpan.FromSeconds(10);
var types = new Dictionary<string, string> { [".jpg"] = "image/jpeg", [".jpeg"] = "image/jpeg", [".png"] = "image/png", [".json"] = "application/json" };

var contentType = args.Length == 8 ? "application/octet-stream" : types.GetValueOrDefault(Path.GetExtension(args.LastOrDefault("")).ToLowerInvariant());
if (args.Length is not (7 or 8) || contentType is null)
{
    Console.Error.WriteLine($"usage: infer HOST PORT FLEET DEVICE MODEL CLIENT FILE [HEADER_LENGTH]; FILE is one of {string.Join(", ", types.Keys)}");
    return 2;
}
var (host, port, fleet, device, model, client, file) = (args[0], int.Parse(args[1]), args[2], args[3], args[4], args[5], args[6]);

var answers = $"edge/v1/{fleet}/c/{client}/answers";
var correlation = RandomNumberGenerator.GetBytes(8);
var wishes = new MqttUserProperties().Add("deadline-ms", $"{limit.TotalMilliseconds}").Add("accept", "application/json");
if (args.Length == 8) wishes.Add("inference-header-content-length", args[7]);

var inbox = new TaskCompletionSource<MqttMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
using var late = new CancellationTokenSource(limit);
await using var link = MosquittoLink.Create(new MqttLinkOptions { Host = host, Port = port, ClientId = client }, message =>
{
    if (!message.CorrelationData.SequenceEqual(correlation) || !inbox.TrySetResult(message)) message.Dispose(); // of an earlier request
}, TimeProvider.System);
try
{
    await link.ConnectAsync(late.Token);
    link.Subscribe(answers, MqttQos.AtLeastOnce);
    link.TryPublish(new MqttPublication(Utf8($"edge/v1/{fleet}/d/{device}/infer/{model}/{client}"), File.ReadAllBytes(file))
    {
        Qos = MqttQos.AtLeastOnce,
        ResponseTopic = Utf8(answers),
        CorrelationData = correlation,
        ContentType = Utf8(contentType),
        Expiry = limit,
        UserProperties = wishes,
    });
    using var answer = await inbox.Task.WaitAsync(late.Token);
    await link.DisconnectAsync(TimeSpan.FromSeconds(1), late.Token);

    var body = JsonNode.Parse(answer.Payload.Span)!;
    var result = new JsonObject();
    foreach (var name in new[] { "status", "variant", "route" })
        if (answer.TryGetUserProperty(Utf8(name), out ReadOnlySpan<byte> value)) result[name] = Encoding.UTF8.GetString(value);
    if (body["error"] is { } error) result["error"] = error.DeepClone();
    else result["outputs"] = new JsonObject(body["outputs"]!.AsArray().Select(output => KeyValuePair.Create($"{output!["name"]}", output["data"]?.DeepClone())));
    Console.WriteLine(result.ToJsonString(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
    return $"{result["status"]}" == "OK" ? 0 : 1;
}
catch (Exception failure) when (failure is OperationCanceledException or MqttLinkException)
{
    Console.Error.WriteLine($"{device} did not answer within {limit.TotalSeconds} s: {failure.Message}");
    return 1;
}

static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
