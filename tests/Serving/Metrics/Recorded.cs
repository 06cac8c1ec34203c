using System.Buffers;
using System.Text;
using EdgeRuntime.Messaging;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Lanes;
using EdgeRuntime.Serving.Metrics;
using EdgeRuntime.TestKit.Links;

namespace EdgeRuntime.Serving.Tests.Metrics;

/// <summary>A registry in which everything that there is has happened, and its text.</summary>
internal static class Recorded
{
    public static DeviceMetrics Everything(string model = "ocr", TimeProvider? time = null)
    {
        var clock = time ?? TimeProvider.System;
        var metrics = new DeviceMetrics("0.1.0", clock)
        {
            Link = new InMemoryLink(new MqttLinkOptions { Host = "unused", ClientId = "dev-1" }, static message => message.Dispose(), clock),
            AnswersLost = () => 3,
            Strays = () => 4,
            Repeated = () => 2,
            Spans = () => (50, 6),
            Condition = static () => new ConditionGauges
            {
                State = "capped",
                Cap = 1,
                Rule = "heat",
                Celsius = 71.5,
                LimitCelsius = 85,
                MemoryHeadRoom = 1 << 30,
                MemoryPressure = 0.01,
                Watts = 12.5,
                Battery = 0.8,
            },
            Offload = static () => new OffloadGauges(2, 1, 5, 3, 4),
            Cluster = static () => new ClusterGauges(true, [new ClusterModelGauges(Labels.Of(("model", "ocr")), true, 3, 16)]),
        };
        var counted = metrics.Model(model);
        counted.Observe(null, new ModelGauges
        {
            QueueLength = () => 7,
            InFlight = () => 1,
            ConcurrencyLimit = () => 2,
            State = () => "ready",
            LoadedBytes = () => 1 << 20,
            Info = () => new ModelInfo("1.0.0", "int8", "specialised", "cpu"),
        });
        var series = counted.Series("int8", "local", "1.0.0");
        series.Request(RefusalReason.None, Milliseconds(1), Milliseconds(10), Milliseconds(12));
        series.Request(RefusalReason.None, Milliseconds(2), Milliseconds(11), Milliseconds(14));
        series.Request(RefusalReason.Deadline, Milliseconds(90), TimeSpan.Zero, Milliseconds(91));
        counted.Batch(2);
        counted.Refused(RefusalReason.QueueFull, TimeSpan.FromMicroseconds(40));
        metrics.Unknown.Refused(RefusalReason.UnknownModel, TimeSpan.FromMicroseconds(30));
        return metrics;
    }

    public static string TextOf(DeviceMetrics metrics, bool tritonDurations = false)
    {
        var buffer = new ArrayBufferWriter<byte>();
        PrometheusText.Write(metrics, buffer, tritonDurations);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static TimeSpan Milliseconds(int count) => TimeSpan.FromMilliseconds(count);
}
