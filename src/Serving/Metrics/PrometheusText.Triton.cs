using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Serving.Metrics;

// Names of Triton Inference Server, for dashboards and autoscalers that know them. They are untyped, since its counters lack the suffix _total.
// It knows versions, not variants: those of one version are taken together. What belongs to no version has an empty one.
internal static partial class PrometheusText
{
    private static void Triton(ref PrometheusWriter writer, IReadOnlyList<ModelMetrics> models)
    {
        writer.Family("nv_inference_request_success"u8, "untyped"u8, "Number of successful inference requests."u8);
        Versions(ref writer, models, static series => series.Counters[InferenceStatus.Ok]);
        writer.Family("nv_inference_request_failure"u8, "untyped"u8, "Number of failed inference requests, those refused at admission without a version."u8);
        Versions(ref writer, models, static series => Failures(series.Counters));
        Unversioned(ref writer, models, static model => Failures(model.Refusals));
        writer.Family("nv_inference_count"u8, "untyped"u8, "Number of inferences performed."u8);
        Versions(ref writer, models, static series => series.Compute.Count());
        writer.Family("nv_inference_exec_count"u8, "untyped"u8, "Number of model executions performed, a batch counting once."u8);
        Unversioned(ref writer, models, static model => model.BatchSize.Count());
        writer.Family("nv_inference_pending_request_count"u8, "untyped"u8, "Requests that wait for the model."u8);
        foreach (var version in models.SelectMany(static model => model.Versions)) writer.Sample(version.TritonLabels, version.Gauges.QueueLength?.Invoke() ?? 0);
    }

    private static void TritonDurations(ref PrometheusWriter writer, IReadOnlyList<ModelMetrics> models)
    {
        writer.Family("nv_inference_request_duration_us"u8, "untyped"u8, "Cumulative inference request duration in microseconds."u8);
        Versions(ref writer, models, static series => Microseconds(series.Total));
        writer.Family("nv_inference_queue_duration_us"u8, "untyped"u8, "Cumulative inference queuing duration in microseconds."u8);
        Versions(ref writer, models, static series => Microseconds(series.Queue));
        writer.Family("nv_inference_compute_infer_duration_us"u8, "untyped"u8, "Cumulative compute inference duration in microseconds."u8);
        Versions(ref writer, models, static series => Microseconds(series.Compute));
    }

    private static void Versions(ref PrometheusWriter writer, IReadOnlyList<ModelMetrics> models, Func<RequestSeries, long> value)
    {
        foreach (var model in models)
        {
            var all = model.All;
            for (int i = 0; i < all.Count; i++)
                if (IsFirstOfVersion(all, i)) writer.Sample(all[i].TritonLabels, SumOfVersion(all, all[i].Version, value));
        }
    }

    private static void Unversioned(ref PrometheusWriter writer, IReadOnlyList<ModelMetrics> models, Func<ModelMetrics, long> value)
    {
        foreach (var model in models) writer.Sample(model.TritonLabels, value(model));
    }

    private static bool IsFirstOfVersion(IReadOnlyList<RequestSeries> all, int at)
    {
        for (int i = 0; i < at; i++)
            if (all[i].Version == all[at].Version) return false;
        return true;
    }

    private static long SumOfVersion(IReadOnlyList<RequestSeries> all, string version, Func<RequestSeries, long> value)
    {
        long sum = 0;
        for (int i = 0; i < all.Count; i++)
            if (all[i].Version == version) sum += value(all[i]);
        return sum;
    }

    private static long Failures(RequestCounters counters)
    {
        long failures = 0;
        for (var outcome = InferenceStatus.Ok + 1; (int)outcome < RequestCounters.Outcomes; outcome++) failures += counters[outcome];
        return failures;
    }

    private static long Microseconds(Histogram histogram) => histogram.Sum / TimeSpan.TicksPerMicrosecond;
}
