using System.Text;
using EdgeRuntime.TestKit.Brokers;
using EdgeRuntime.TestKit.Memory;
using Xunit;

namespace EdgeRuntime.Messaging.Tests.Link;

/// <summary>Counts what the whole process allocates, so that nothing else may run beside it.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

[Collection(nameof(Alone))]
public sealed class MosquittoLinkAllocationTests
{
    private const int Rounds = 1000;

    [Theory]
    [InlineData(MqttQos.AtMostOnce), InlineData(MqttQos.AtLeastOnce)]
    public async Task RoundTrip_Warm_AllocatesNothingPerMessage(MqttQos qos)
    {
        await using var broker = await MosquittoBroker.StartAsync();
        using var arrived = new SemaphoreSlim(0);
        IMqttLink? echo = null;
        await using var server = echo = Link(broker, "server", message =>
        {
            Publish(echo!, message.ResponseTopic, message.Payload.Span, qos);
            message.Dispose();
        });
        await using var client = Link(broker, "client", message =>
        {
            message.Dispose();
            arrived.Release();
        });
        await Task.WhenAll(server.ConnectAsync(TestContext.Current.CancellationToken), client.ConnectAsync(TestContext.Current.CancellationToken));
        await server.SubscribeAsync("ask", qos, MqttSubscribeOptions.None, TestContext.Current.CancellationToken);
        await client.SubscribeAsync("answer", qos, MqttSubscribeOptions.None, TestContext.Current.CancellationToken);

        var payload = Encoding.UTF8.GetBytes(new string('x', 1024));
        RoundTrips(client, payload, qos, arrived);
        // Two messages a round trip, on six threads. Room is for the runner and the broker's log; one object a round trip would be 24 bytes or more.
        const long Room = 12 * Rounds;
        Assert.InRange(Allocation.LeastOfProcess(() => RoundTrips(client, payload, qos, arrived), enough: Room), 0, Room);
    }

    private static void RoundTrips(IMqttLink client, byte[] payload, MqttQos qos, SemaphoreSlim arrived)
    {
        for (var i = 0; i < Rounds; i++)
        {
            Publish(client, "ask"u8, payload, qos);
            Assert.True(arrived.Wait(LinkProbe.Deadline));
        }
    }

    private static void Publish(IMqttLink link, ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, MqttQos qos) => link.TryPublish(
        new MqttPublication(topic, payload) { Qos = qos, ResponseTopic = "answer"u8, CorrelationData = "12345678"u8, Expiry = TimeSpan.FromSeconds(10) });

    private static MosquittoLink Link(MosquittoBroker broker, string id, MqttMessageHandler handler) =>
        MosquittoLink.Create(new MqttLinkOptions { Host = "127.0.0.1", Port = broker.Port, ClientId = id }, handler, TimeProvider.System);
}
