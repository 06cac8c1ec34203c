using System.Text.Json;
using System.Threading.Channels;
using EdgeRuntime.Messaging;

namespace EdgeRuntime.EndToEnd.Tests;

/// <summary>Follows the retained state of a device on a broker.</summary>
internal sealed class StateWatch : IAsyncDisposable
{
    private readonly Channel<byte[]> _documents = Channel.CreateUnbounded<byte[]>();
    private readonly MosquittoLink _link;

    private StateWatch(int port, string device) =>
        _link = MosquittoLink.Create(new MqttLinkOptions { Host = "127.0.0.1", Port = port, ClientId = $"watch-{device}" }, Keep, TimeProvider.System);

    public static async Task<StateWatch> StartAsync(int port, string device)
    {
        var watch = new StateWatch(port, device);
        watch._link.Subscribe(Topics.Of(TopicKind.State, DeviceProcess.Fleet, device), MqttQos.AtLeastOnce);
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await watch._link.ConnectAsync(late.Token);
        return watch;
    }

    /// <summary>Reads until the state is one of these.</summary>
    public Task<JsonElement> WaitAsync(string[] states, TimeSpan patience) =>
        WaitAsync(state => states.Contains(state.GetProperty("state").GetString()), string.Join(" or ", states), patience);

    /// <summary>Reads states until a wanted one comes.</summary>
    /// <param name="isWanted">Which is.</param>
    /// <param name="wanted">The same in words.</param>
    /// <param name="patience">How long.</param>
    public async Task<JsonElement> WaitAsync(Func<JsonElement, bool> isWanted, string wanted, TimeSpan patience)
    {
        using var late = new CancellationTokenSource(patience);
        var seen = "none";
        try
        {
            await foreach (var bytes in _documents.Reader.ReadAllAsync(late.Token))
            {
                using var document = JsonDocument.Parse(bytes);
                seen = document.RootElement.GetRawText();
                if (isWanted(document.RootElement)) return document.RootElement.Clone();
            }
        }
        catch (OperationCanceledException)
        {
            // told below, with what was seen
        }
        throw new TimeoutException($"the state was not {wanted} within {patience.TotalSeconds} s; the last was {seen}");
    }

    public ValueTask DisposeAsync() => _link.DisposeAsync();

    private void Keep(MqttMessage message)
    {
        using (message) _documents.Writer.TryWrite(message.Payload.ToArray());
    }
}
