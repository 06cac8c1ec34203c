using System.CommandLine;
using System.Text;
using EdgeRuntime.Benchmarks.Device;
using EdgeRuntime.Messaging;

namespace EdgeRuntime.Benchmarks.Load;

/// <summary>
/// <c>echo --port PORT --device NAME</c>: the peer over MQTT, a process that answers every request of a device's name with its payload, on the
/// project's own link and at the request's QoS, and does nothing else.
/// </summary>
internal static class EchoCommand
{
    private const string Name = "echo";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20), Lifetime = TimeSpan.FromMinutes(15);

    public static Command Create()
    {
        var port = new Option<int>("--port");
        var device = new Option<string>("--device");
        var command = new Command(Name) { port, device };
        command.Hidden = true;
        command.SetAction((parsed, stop) => ServeAsync(parsed.GetValue(port), parsed.GetValue(device)!, stop));
        return command;
    }

    /// <summary>Starts it under a new name.</summary>
    public static RunningDevice Start(int port, Func<string[], (string File, string[] Arguments)> enter)
    {
        var name = DeviceFolder.NewDevice();
        return RunningDevice.Start(name, enter([Environment.ProcessPath!, Name, "--port", $"{port}", "--device", name]));
    }

    private static async Task<int> ServeAsync(int port, string device, CancellationToken stop)
    {
        MosquittoLink? link = null;
        var options = new MqttLinkOptions { Host = "127.0.0.1", Port = port, ClientId = device, CleanStart = true, IsHandlerQuick = true };
        await using (link = MosquittoLink.Create(options, message => Answer(link!, message), TimeProvider.System))
        {
            using var late = new CancellationTokenSource(Patience);
            await link.ConnectAsync(late.Token);
            await link.SubscribeAsync(Topics.InferFilter(DeviceFolder.Fleet, device), MqttQos.AtLeastOnce, MqttSubscribeOptions.None, late.Token);
            link.TryPublish(new MqttPublication(Encoding.UTF8.GetBytes(Topics.Of(TopicKind.State, DeviceFolder.Fleet, device)), "{\"state\":\"online\"}"u8)
            {
                Qos = MqttQos.AtLeastOnce,
                Retain = true,
            });
            await Task.Delay(Lifetime, stop).ContinueWith(_ => { }, TaskScheduler.Default);
        }
        return 0;
    }

    private static void Answer(MosquittoLink link, MqttMessage message)
    {
        using (message)
        {
            link.TryPublish(new MqttPublication(message.ResponseTopic, message.Payload.Span)
            {
                Qos = message.Qos,
                CorrelationData = message.CorrelationData,
                UserProperties = Ok,
            });
        }
    }

    private static MqttUserProperties Ok { get; } = new MqttUserProperties().Add("status", "OK");
}
