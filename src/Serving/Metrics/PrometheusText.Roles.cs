namespace EdgeRuntime.Serving.Metrics;

// How a device is and stands with its servers, and a server with its cluster.
internal static partial class PrometheusText
{
    private static readonly byte[][] StateLabels = [.. ConditionGauges.States.Select(static state => Labels.Of(("state", state)))];
    private static readonly byte[][] RuleLabels = [.. ConditionGauges.Rules.Select(static rule => Labels.Of(("reason", rule)))];
    private static readonly byte[] Asked = Labels.Of(("state", "asked")), Avoided = Labels.Of(("state", "avoided"));

    private static void Roles(ref PrometheusWriter writer, DeviceMetrics metrics)
    {
        if (metrics.Condition?.Invoke() is { } condition) Condition(ref writer, condition);
        if (metrics.Offload?.Invoke() is { } offload) Offload(ref writer, offload);
        if (metrics.Cluster?.Invoke() is { } cluster) Cluster(ref writer, cluster);
    }

    private static void Condition(ref PrometheusWriter writer, in ConditionGauges condition)
    {
        writer.Family("edge_runtime_condition"u8, "gauge"u8, "1 for the state that the device is in, 0 for the others."u8);
        for (int i = 0; i < StateLabels.Length; i++) writer.Sample(StateLabels[i], ConditionGauges.States[i] == condition.State ? 1 : 0);
        Single(ref writer, "edge_runtime_rung_cap"u8, "gauge"u8, "The best rung of a ladder that may be used; 0 for all."u8, condition.Cap);
        writer.Family("edge_runtime_rung_cap_reason"u8, "gauge"u8, "1 for what holds the cap, 0 for the rest."u8);
        for (int i = 0; i < RuleLabels.Length; i++) writer.Sample(RuleLabels[i], ConditionGauges.Rules[i] == condition.Rule ? 1 : 0);
        if (condition.Celsius is { } celsius) Single(ref writer, "edge_runtime_temperature_celsius"u8, "gauge"u8, "Of the thermal zone that is nearest to its limit."u8, celsius);
        if (condition.LimitCelsius is { } limit) Single(ref writer, "edge_runtime_temperature_limit_celsius"u8, "gauge"u8, "Where that zone is throttled."u8, limit);
        if (condition.MemoryHeadRoom is { } room) Single(ref writer, "edge_runtime_memory_head_room_bytes"u8, "gauge"u8, "Memory that is left up to the nearest limit."u8, room);
        if (condition.MemoryPressure is { } pressure) Single(ref writer, "edge_runtime_memory_pressure_ratio"u8, "gauge"u8, "The part of the last ten seconds in which some task waited for memory."u8, pressure);
        if (condition.Watts is { } watts) Single(ref writer, "edge_runtime_power_watts"u8, "gauge"u8, "What the power monitors show."u8, watts);
        if (condition.Battery is { } battery) Single(ref writer, "edge_runtime_battery_ratio"u8, "gauge"u8, "The charge of the battery."u8, battery);
    }

    private static void Offload(ref PrometheusWriter writer, in OffloadGauges offload)
    {
        writer.Family("edge_runtime_offload_servers"u8, "gauge"u8, "Servers that are online, by whether they are asked or left alone since they failed."u8);
        writer.Sample(Asked, offload.Asked);
        writer.Sample(Avoided, offload.Avoided);
        Single(ref writer, "edge_runtime_offload_in_flight_requests"u8, "gauge"u8, "Requests that are with servers."u8, offload.InFlight);
        Single(ref writer, "edge_runtime_offload_at_risk_requests"u8, "gauge"u8, "Those of them that the device could not answer itself."u8, offload.AtRisk);
        Single(ref writer, "edge_runtime_offload_at_risk_limit"u8, "gauge"u8, "How many of these there may be at present."u8, offload.AtRiskLimit);
    }

    private static void Cluster(ref PrometheusWriter writer, ClusterGauges cluster)
    {
        Single(ref writer, "edge_runtime_cluster_up"u8, "gauge"u8, "1 while the cluster answers."u8, cluster.IsUp ? 1 : 0);
        writer.Family("edge_runtime_cluster_model_ready"u8, "gauge"u8, "1 while the cluster takes requests for a model."u8);
        foreach (var model in cluster.Models) writer.Sample(model.Labels, model.IsReady ? 1 : 0);
        writer.Family("edge_runtime_cluster_calls"u8, "gauge"u8, "Calls to the cluster that are under way."u8);
        foreach (var model in cluster.Models) writer.Sample(model.Labels, model.Calls);
        writer.Family("edge_runtime_cluster_call_limit"u8, "gauge"u8, "How many calls may be under way at present, as it is learned from what they take."u8);
        foreach (var model in cluster.Models) writer.Sample(model.Labels, model.Limit);
    }
}
