using System.Text;
using EdgeRuntime.TestKit.Brokers;
using EdgeRuntime.TestKit.Clients;
using Xunit;

namespace EdgeRuntime.Messaging.Tests.Examples;

/// <summary>examples/csharp against a device that answers every request with the same message.</summary>
public sealed class CSharpClientTests
{
    [Fact]
    public async Task Infer_Answered_PrintsStatusAndOutputs()
    {
        var (answer, request) = await AskAsync("""{"inputs":[]}""", """{"outputs":[{"name":"text","datatype":"BYTES","shape":[1],"data":["Größe 4"]}]}""", "OK");

        Assert.Equal(("OK", 0), (answer.Status, answer.Process.ExitCode));
        Assert.Equal(["Größe 4"], answer.Texts("text"));
        Assert.Equal(("fp32", "local"), (answer.Properties["variant"], answer.Properties["route"]));
        Assert.Equal("application/json|10000|application/json|{\"inputs\":[]}", request);
    }

    [Fact]
    public async Task Infer_Refused_PrintsTheErrorAndFails()
    {
        var (answer, _) = await AskAsync("{}", """{"error":"model 'm' is unknown"}""", "NOT_FOUND");
        Assert.Equal(("NOT_FOUND", "model 'm' is unknown", 1), (answer.Status, answer.Error, answer.Process.ExitCode));
    }

    private static async Task<(ClientAnswer Answer, string Request)> AskAsync(string request, string answer, string status)
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var seen = "";
        IMqttLink? link = null;
        await using var device = link = MosquittoLink.Create(new MqttLinkOptions { Host = "127.0.0.1", Port = broker.Port, ClientId = "device" }, message =>
        {
            using (message)
            {
                seen = Describe(message);
                link!.TryPublish(new MqttPublication(message.ResponseTopic, Encoding.UTF8.GetBytes(answer))
                {
                    Qos = MqttQos.AtLeastOnce,
                    CorrelationData = message.CorrelationData,
                    UserProperties = new MqttUserProperties().Add("status", status).Add("variant", "fp32").Add("route", "local"),
                });
            }
        }, TimeProvider.System);
        await device.ConnectAsync(TestContext.Current.CancellationToken);
        await device.SubscribeAsync(Topics.InferFilter("f", "d"), MqttQos.AtLeastOnce, MqttSubscribeOptions.None, TestContext.Current.CancellationToken);
        var file = Path.ChangeExtension(Path.GetTempFileName(), ".json");
        await File.WriteAllTextAsync(file, request, TestContext.Current.CancellationToken);
        var result = await ExampleClients.CSharpAsync(new InferenceCall { Port = broker.Port, Fleet = "f", Device = "d", Model = "m", Client = "c", File = file });
        File.Delete(file);
        return (result, seen);
    }

    private static string Describe(MqttMessage message)
    {
        message.TryGetUserProperty("deadline-ms"u8, out ReadOnlySpan<byte> deadline);
        message.TryGetUserProperty("accept"u8, out ReadOnlySpan<byte> accept);
        return string.Join('|', new[] { Text(message.ContentType), Text(deadline), Text(accept), Text(message.Payload.Span) });
    }

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);
}
