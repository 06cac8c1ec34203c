using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using EdgeRuntime.Messaging;

namespace EdgeRuntime.Benchmarks.Device;

/// <summary>A client of the devices on one broker: asks one after the other, and knows when each device said that it is online.</summary>
internal sealed class BenchClient : IAsyncDisposable
{
    private const string Client = "bench";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<string, TaskCompletionSource<long>> _online = new(StringComparer.Ordinal);
    private readonly MosquittoLink _link;
    private TaskCompletionSource<BenchAnswer>? _pending;
    private long _asked;

    private BenchClient(int port)
    {
        var options = new MqttLinkOptions { Host = "127.0.0.1", Port = port, ClientId = Client, CleanStart = true };
        _link = MosquittoLink.Create(options, Take, TimeProvider.System);
    }

    public static async Task<BenchClient> ConnectAsync(int port)
    {
        var client = new BenchClient(port);
        using var late = new CancellationTokenSource(Deadline);
        await client._link.ConnectAsync(late.Token);
        await client._link.SubscribeAsync(Topics.ClientFilter(DeviceFolder.Fleet, Client), MqttQos.AtLeastOnce, MqttSubscribeOptions.None, late.Token);
        await client._link.SubscribeAsync(Topics.FilterOf(TopicKind.State, DeviceFolder.Fleet), MqttQos.AtLeastOnce, MqttSubscribeOptions.None, late.Token);
        return client;
    }

    /// <summary>When the device's retained state first said <c>online</c>.</summary>
    /// <exception cref="DeviceLostException">It ended, or takes too long.</exception>
    public Task<long> OnlineAsync(RunningDevice device) => device.AwaitAsync(Online(device.Name).Task, Deadline);

    /// <summary>Milliseconds from sending to the answer.</summary>
    public async Task<double> TimeAsync(RunningDevice device, string model, BenchRequest request)
    {
        var sent = TimeProvider.System.GetTimestamp();
        var answer = await AskAsync(device, model, request);
        answer.ExpectOk();
        return TimeProvider.System.GetElapsedTime(sent, answer.Arrived).TotalMilliseconds;
    }

    /// <exception cref="DeviceLostException">It ended, or takes too long.</exception>
    public async Task<BenchAnswer> AskAsync(RunningDevice device, string model, BenchRequest request)
    {
        var pending = new TaskCompletionSource<BenchAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _pending, pending);
        Publish(device.Name, model, request, BitConverter.GetBytes(++_asked));
        return await device.AwaitAsync(pending.Task, Deadline);
    }

    public ValueTask DisposeAsync() => _link.DisposeAsync();

    private void Publish(string device, string model, BenchRequest request, byte[] correlation)
    {
        var outcome = _link.TryPublish(new MqttPublication(Encoding.UTF8.GetBytes(Topics.Infer(DeviceFolder.Fleet, device, model, Client)), request.Payload)
        {
            Qos = MqttQos.AtLeastOnce,
            Expiry = Deadline,
            ContentType = Encoding.UTF8.GetBytes(request.ContentType),
            ResponseTopic = Encoding.UTF8.GetBytes(Topics.Client(DeviceFolder.Fleet, Client, "answers")),
            CorrelationData = correlation,
            UserProperties = request.Properties(Deadline),
        });
        if (!outcome.IsAccepted) throw new InvalidOperationException($"a request was not sent: {outcome}");
    }

    private void Take(MqttMessage message)
    {
        using (message)
        {
            if (Topics.TryParse(message.Topic, out var topic) && topic.Kind == TopicKind.State) TakeState(Encoding.UTF8.GetString(topic.Owner), message);
            else if (message.CorrelationData.SequenceEqual(BitConverter.GetBytes(_asked))) Volatile.Read(ref _pending)?.TrySetResult(BenchAnswer.Of(message));
        }
    }

    private void TakeState(string device, MqttMessage message)
    {
        using var state = JsonDocument.Parse(message.Payload);
        if (state.RootElement.GetProperty("state").GetString() == "online") Online(device).TrySetResult(message.ReceivedTimestamp);
    }

    private TaskCompletionSource<long> Online(string device) =>
        _online.GetOrAdd(device, _ => new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously));
}
