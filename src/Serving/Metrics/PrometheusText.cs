using System.Buffers;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Lanes;

namespace EdgeRuntime.Serving.Metrics;

/// <summary>All metrics of a device in Prometheus' text format 0.0.4. May be called from any thread, also from several at once.</summary>
internal static partial class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Writes what <c>/metrics</c> answers.</summary>
    /// <param name="metrics">What is written.</param>
    /// <param name="output">Takes the text.</param>
    /// <param name="tritonDurations">Whether Triton's names in microseconds are there as well; Prometheus' own checker complains of their unit.</param>
    public static void Write(DeviceMetrics metrics, IBufferWriter<byte> output, bool tritonDurations = false)
    {
        var writer = new PrometheusWriter(output);
        Device(ref writer, metrics);
        Process(ref writer, metrics);
        Link(ref writer, metrics);
        Roles(ref writer, metrics);
        Models(ref writer, metrics.Models);
        Requests(ref writer, metrics);
        Triton(ref writer, metrics.Models);
        if (tritonDurations) TritonDurations(ref writer, metrics.Models);
    }

    private static void Requests(ref PrometheusWriter writer, DeviceMetrics metrics)
    {
        var models = metrics.Models;
        writer.Family("edge_runtime_requests_total"u8, "counter"u8, "Requests that ended, by how and why. Labels are empty where no model or variant took them."u8);
        Counters(ref writer, metrics.Unknown.RefusalLabels, metrics.Unknown.Refusals, always: false);
        foreach (var model in models)
        {
            Counters(ref writer, model.RefusalLabels, model.Refusals, always: false);
            foreach (var series in model.All) Counters(ref writer, series.Labels, series.Counters, always: true);
        }
        Series(ref writer, models, "edge_runtime_request_queue_seconds"u8, "From a request's arrival to its run."u8, static series => series.Queue);
        Series(ref writer, models, "edge_runtime_request_compute_seconds"u8, "A request's run."u8, static series => series.Compute);
        Series(ref writer, models, "edge_runtime_request_duration_seconds"u8, "From an admitted request's arrival to its answer."u8, static series => series.Total);
        writer.Family("edge_runtime_refusal_duration_seconds"u8, "histogram"u8, "From a request's arrival to its refusal at admission."u8);
        writer.Histogram(metrics.Unknown.Labels, metrics.Unknown.RefusalTime);
        foreach (var model in models) writer.Histogram(model.Labels, model.RefusalTime);
        writer.Family("edge_runtime_batch_size"u8, "histogram"u8, "Requests of one run."u8);
        foreach (var model in models) writer.Histogram(model.Labels, model.BatchSize);
    }

    private static void Series(ref PrometheusWriter writer, IReadOnlyList<ModelMetrics> models, ReadOnlySpan<byte> name, ReadOnlySpan<byte> help, Func<RequestSeries, Histogram> histogram)
    {
        writer.Family(name, "histogram"u8, help);
        foreach (var model in models)
            foreach (var series in model.All) writer.Histogram(series.Labels, histogram(series));
    }

    // What never happened is not listed, but for answers: a rate needs a zero to start from.
    private static void Counters(ref PrometheusWriter writer, byte[] labels, RequestCounters counters, bool always)
    {
        Span<byte> more = stackalloc byte[96];
        for (var reason = RefusalReason.None; (int)reason < RefusalReasons.Count; reason++)
        {
            long count = counters[reason];
            if (count > 0 || (always && reason == RefusalReason.None)) writer.Sample(labels, more[..Ending(reason, more)], count);
        }
    }

    private static int Ending(RefusalReason reason, Span<byte> text)
    {
        int length = Append(text, 0, "outcome=\""u8);
        length = Append(text, length, reason.Status().WireName());
        length = Append(text, length, "\",reason=\""u8);
        length = Append(text, length, reason.WireName());
        return Append(text, length, "\""u8);
    }

    private static int Append(Span<byte> text, int at, ReadOnlySpan<byte> part)
    {
        part.CopyTo(text[at..]);
        return at + part.Length;
    }
}
