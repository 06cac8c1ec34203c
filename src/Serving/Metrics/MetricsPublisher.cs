using System.Text;
using EdgeRuntime.Messaging;
using EdgeRuntime.Serving.Hosting;

namespace EdgeRuntime.Serving.Metrics;

/// <summary>Publishes the periodic document while there is a connection. Without one nothing is kept: the next document has the totals.</summary>
internal sealed class MetricsPublisher(MetricsReport report, IMqttLink link, string topic, TimeSpan interval, TimeProvider time)
{
    private const int WorthIntervals = 3;

    private readonly byte[] _topic = Encoding.UTF8.GetBytes(topic);

    /// <summary>Publishes at every interval until <paramref name="stop"/>; then it returns.</summary>
    public Task RunAsync(CancellationToken stop) => Periodic.RunAsync(interval, Publish, time, stop);

    // What the link refuses is lost: it says so in its counters, which the next document tells.
    private void Publish()
    {
        var document = report.Next();
        if (link.State != MqttLinkState.Connected) return;
        _ = link.TryPublish(new MqttPublication(_topic, document)
        {
            Qos = MqttQos.AtMostOnce,
            PayloadIsUtf8 = true,
            ContentType = "application/json"u8,
            Expiry = interval * WorthIntervals,
        });
    }
}
