using System.Collections.Concurrent;
using System.Text;
using EdgeRuntime.Messaging;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.EndToEnd.Tests;

/// <summary>A client that keeps its connection and asks any number of requests, each answered by its correlation data.</summary>
internal sealed class AskingClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30), Grace = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, TaskCompletionSource<Answer>> _waiting = new();
    private readonly MosquittoLink _link;
    private readonly string _name;
    private int _asked;

    private AskingClient(MqttLinkOptions options)
    {
        _name = options.ClientId;
        _link = MosquittoLink.Create(options, Take, TimeProvider.System);
    }

    /// <summary>What came back.</summary>
    public sealed record Answer(string Status, byte[] Payload, string Route);

    public static Task<AskingClient> ConnectAsync(int port, string name) =>
        ConnectAsync(new MqttLinkOptions { Host = "127.0.0.1", Port = port, ClientId = name });

    public static async Task<AskingClient> ConnectAsync(MqttLinkOptions options)
    {
        var client = new AskingClient(options);
        using var late = new CancellationTokenSource(Patience);
        await client._link.ConnectAsync(late.Token);
        var granted = await client._link.SubscribeAsync(client.AnswerTopic, MqttQos.AtLeastOnce, MqttSubscribeOptions.None, late.Token);
        return granted.IsGranted ? client : throw new InvalidOperationException($"{client.AnswerTopic}: {granted.Reason}");
    }

    /// <summary>Sends a request; the task completes with its answer.</summary>
    public Task<Answer> AskAsync(string device, string model, byte[] payload, string contentType, TimeSpan? deadline = null, string? version = null, string? offload = null)
    {
        var correlation = $"{Interlocked.Increment(ref _asked)}";
        var answer = _waiting[correlation] = new TaskCompletionSource<Answer>(TaskCreationOptions.RunContinuationsAsynchronously);
        var budget = deadline ?? Patience;
        var properties = new MqttUserProperties().Add("deadline-ms"u8, (long)budget.TotalMilliseconds).Add("accept", "application/json");
        if (version is not null) properties.Add("model-version", version);
        if (offload is not null) properties.Add("offload", offload);
        var outcome = _link.TryPublish(new MqttPublication(Encoding.UTF8.GetBytes(Topics.Infer(DeviceProcess.Fleet, device, model, _name)), payload)
        {
            Qos = MqttQos.AtLeastOnce,
            ResponseTopic = Encoding.UTF8.GetBytes(AnswerTopic),
            CorrelationData = Encoding.UTF8.GetBytes(correlation),
            ContentType = Encoding.UTF8.GetBytes(contentType),
            Expiry = budget,
            UserProperties = properties,
        });
        if (!outcome.IsAccepted) throw new InvalidOperationException(outcome.ToString());
        return answer.Task.WaitAsync(budget + Grace);
    }

    /// <summary>Asks again, as a client would, while nobody answers.</summary>
    public async Task<Answer> AskUntilAnsweredAsync(string device, string model, byte[] payload, string contentType)
    {
        const int Attempts = 10;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await AskAsync(device, model, payload, contentType, TimeSpan.FromSeconds(1));
            }
            catch (TimeoutException) when (attempt < Attempts)
            {
                // the device has not subscribed again yet
            }
        }
    }

    /// <summary>The text that a model with CTC postprocessing reads in a JPEG.</summary>
    public async Task<string> ReadTextAsync(string device, string model, byte[] jpeg)
    {
        var answer = await AskAsync(device, model, jpeg, "image/jpeg");
        if (answer.Status != "OK") throw new InvalidOperationException($"{answer.Status}: {Encoding.UTF8.GetString(answer.Payload)}");
        var response = new InferenceResponse();
        if (JsonCodec.Read(answer.Payload, response, ProtocolLimits.Default) is { } error) throw new InvalidOperationException(error.Message);
        foreach (var text in new BytesElements(response.Outputs[response.Outputs.IndexOf("text"u8)].Data)) return Encoding.UTF8.GetString(text);
        throw new InvalidOperationException("the answer has no text");
    }

    public ValueTask DisposeAsync() => _link.DisposeAsync();

    private string AnswerTopic => Topics.Client(DeviceProcess.Fleet, _name, "answers");

    private void Take(MqttMessage message)
    {
        using (message)
        {
            if (!_waiting.TryRemove(Encoding.UTF8.GetString(message.CorrelationData), out var waiting)) return;
            message.TryGetUserProperty("status"u8, out ReadOnlySpan<byte> status);
            message.TryGetUserProperty("route"u8, out ReadOnlySpan<byte> route);
            waiting.SetResult(new Answer(Encoding.UTF8.GetString(status), message.Payload.ToArray(), Encoding.UTF8.GetString(route)));
        }
    }
}
