namespace EdgeRuntime.Serving.Metrics;

// What models tell of themselves.
internal static partial class PrometheusText
{
    private static void Models(ref PrometheusWriter writer, IReadOnlyList<ModelMetrics> models)
    {
        Gauge(ref writer, models, "edge_runtime_queue_requests"u8, "Requests that wait."u8, static gauges => gauges.QueueLength);
        Gauge(ref writer, models, "edge_runtime_in_flight_requests"u8, "Requests that are being run."u8, static gauges => gauges.InFlight);
        Gauge(ref writer, models, "edge_runtime_concurrency_limit"u8, "How many requests may be in flight at present."u8, static gauges => gauges.ConcurrencyLimit);
        Gauge(ref writer, models, "edge_runtime_model_loaded_bytes"u8, "Bytes that a model in service takes."u8, static gauges => gauges.LoadedBytes);
        States(ref writer, models);
        writer.Family("edge_runtime_model_info"u8, "gauge"u8, "What of a model is in service."u8);
        foreach (var model in models) Infos(ref writer, model.Versions);
    }

    // The same may be in service twice: of its version, and as what a source without a version has.
    private static void Infos(ref PrometheusWriter writer, IReadOnlyList<VersionGauges> versions)
    {
        for (int i = 0; i < versions.Count; i++)
        {
            if (versions[i].Gauges.Info?.Invoke() is not { } info) continue;
            bool isTold = false;
            for (int k = 0; k < i && !isTold; k++) isTold = versions[k].Gauges.Info?.Invoke() == info;
            if (!isTold) writer.Sample(versions[i].LabelsOf(info), 1);
        }
    }

    private static void States(ref PrometheusWriter writer, IReadOnlyList<ModelMetrics> models)
    {
        writer.Family("edge_runtime_model_state"u8, "gauge"u8, "1 for the state that a model is in, 0 for the others."u8);
        foreach (var version in models.SelectMany(static model => model.Versions))
        {
            if (version.Gauges.State?.Invoke() is not { } state) continue;
            for (int i = 0; i < ModelMetrics.States.Length; i++) writer.Sample(version.StateLabels[i], ModelMetrics.States[i] == state ? 1 : 0);
        }
    }

    private static void Gauge(ref PrometheusWriter writer, IReadOnlyList<ModelMetrics> models, ReadOnlySpan<byte> name, ReadOnlySpan<byte> help, Func<ModelGauges, Func<long>?> value)
    {
        writer.Family(name, "gauge"u8, help);
        foreach (var version in models.SelectMany(static model => model.Versions))
            if (value(version.Gauges) is { } ask) writer.Sample(version.Labels, ask());
    }
}
