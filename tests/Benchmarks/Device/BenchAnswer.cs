using System.Text;
using System.Text.Json;
using EdgeRuntime.Messaging;

namespace EdgeRuntime.Benchmarks.Device;

/// <summary>A copy of an answer, and when it arrived.</summary>
internal sealed record BenchAnswer(string Status, byte[] Payload, long Arrived)
{
    public static BenchAnswer Of(MqttMessage message)
    {
        var status = message.TryGetUserProperty("status"u8, out ReadOnlySpan<byte> value) ? Encoding.UTF8.GetString(value) : "none";
        return new BenchAnswer(status, message.Payload.ToArray(), message.ReceivedTimestamp);
    }

    /// <exception cref="InvalidDataException">It is a refusal; the message quotes it.</exception>
    public BenchAnswer ExpectOk() => Status == "OK" ? this : throw new InvalidDataException($"the runtime answered {Status}: {Encoding.UTF8.GetString(Payload)}");

    /// <summary>The first element of an output of strings, of an answer in JSON.</summary>
    public string Text(string output)
    {
        using var document = JsonDocument.Parse(Payload);
        return document.RootElement.GetProperty("outputs").EnumerateArray()
            .First(tensor => tensor.GetProperty("name").GetString() == output).GetProperty("data")[0].GetString() ?? "";
    }
}
