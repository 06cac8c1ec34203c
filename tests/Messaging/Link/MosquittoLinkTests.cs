namespace EdgeRuntime.Messaging.Tests.Link;

public sealed class MosquittoLinkTests : MqttLinkContract
{
    protected override IMqttLink Create(MqttLinkOptions options, MqttMessageHandler handler, TimeProvider time, Random jitter) =>
        MosquittoLink.Create(options, handler, time, jitter);
}
