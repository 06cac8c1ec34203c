using EdgeRuntime.Messaging;

namespace EdgeRuntime.Serving.Metrics;

// The device, its process and its link.
internal static partial class PrometheusText
{
    private static readonly byte[] Incoming = Labels.Of(("direction", "in")), Outgoing = Labels.Of(("direction", "out"));

    private static void Device(ref PrometheusWriter writer, DeviceMetrics metrics)
    {
        writer.Family("edge_runtime_build_info"u8, "gauge"u8, "The program's version and what it runs on."u8);
        writer.Sample(metrics.BuildLabels, 1);
        if (metrics.Spans?.Invoke() is not { } spans) return;
        Single(ref writer, "edge_runtime_trace_spans_exported_total"u8, "counter"u8, "Spans that the collector took."u8, spans.Exported);
        Single(ref writer, "edge_runtime_trace_spans_dropped_total"u8, "counter"u8, "Spans that found no room or no collector."u8, spans.Dropped);
    }

    private static void Process(ref PrometheusWriter writer, DeviceMetrics metrics)
    {
        var facts = ProcessFacts.Read();
        Single(ref writer, "edge_runtime_memory_anonymous_bytes"u8, "gauge"u8, "Resident memory that is this process's own."u8, facts.AnonymousBytes);
        Single(ref writer, "edge_runtime_memory_file_bytes"u8, "gauge"u8, "Resident memory of mapped files, weights above all, shared with other processes."u8, facts.FileBytes);
        Single(ref writer, "edge_runtime_managed_heap_bytes"u8, "gauge"u8, "Managed objects, as far as they are not collected yet."u8, GC.GetTotalMemory(false));
        Single(ref writer, "edge_runtime_threads"u8, "gauge"u8, "Threads of the process."u8, facts.Threads);
        Single(ref writer, "process_resident_memory_bytes"u8, "gauge"u8, "Resident memory size in bytes."u8, facts.ResidentBytes);
        Single(ref writer, "process_virtual_memory_bytes"u8, "gauge"u8, "Virtual memory size in bytes."u8, facts.VirtualBytes);
        Single(ref writer, "process_open_fds"u8, "gauge"u8, "Number of open file descriptors."u8, facts.Handles);
        Single(ref writer, "process_max_fds"u8, "gauge"u8, "Maximum number of open file descriptors."u8, facts.MostHandles);
        Single(ref writer, "process_cpu_seconds_total"u8, "counter"u8, "Total user and system CPU time spent in seconds."u8, facts.Cpu.TotalSeconds);
        Single(ref writer, "process_start_time_seconds"u8, "gauge"u8, "Start time of the process since unix epoch in seconds."u8, metrics.Started.ToUnixTimeMilliseconds() / 1e3);
    }

    private static void Link(ref PrometheusWriter writer, DeviceMetrics metrics)
    {
        if (metrics.AnswersLost is { } lost) Single(ref writer, "edge_runtime_answers_lost_total"u8, "counter"u8, "Answers that the link had no room for."u8, lost());
        if (metrics.Strays is { } strays) Single(ref writer, "edge_runtime_stray_messages_total"u8, "counter"u8, "Messages on topics that are none of the device's."u8, strays());
        if (metrics.Repeated is { } repeated) Single(ref writer, "edge_runtime_repeated_requests_total"u8, "counter"u8, "Requests that came again and were not run again."u8, repeated());
        if (metrics.Link is not { } link) return;
        var counters = link.Counters;
        Single(ref writer, "edge_runtime_link_up"u8, "gauge"u8, "1 while the broker is connected."u8, link.State == MqttLinkState.Connected ? 1 : 0);
        Single(ref writer, "edge_runtime_link_connects_total"u8, "counter"u8, "Connections that the broker accepted."u8, counters.Connects);
        writer.Family("edge_runtime_link_messages_total"u8, "counter"u8, "Messages that passed through the link."u8);
        writer.Sample(Incoming, counters.Received);
        writer.Sample(Outgoing, counters.Sent);
        writer.Family("edge_runtime_link_dropped_messages_total"u8, "counter"u8, "Messages that the link dropped, or whose payload it dropped, for want of room or time."u8);
        writer.Sample(Incoming, counters.DroppedIncoming + counters.Truncated);
        writer.Sample(Outgoing, counters.DroppedOutgoing);
        Single(ref writer, "edge_runtime_link_outgoing_messages"u8, "gauge"u8, "Publications that wait to be sent or acknowledged."u8, counters.OutgoingMessages);
        Single(ref writer, "edge_runtime_link_outgoing_bytes"u8, "gauge"u8, "Their size."u8, counters.OutgoingBytes);
    }

    private static void Single(ref PrometheusWriter writer, ReadOnlySpan<byte> name, ReadOnlySpan<byte> type, ReadOnlySpan<byte> help, long value)
    {
        writer.Family(name, type, help);
        writer.Sample(Labels.None, value);
    }

    private static void Single(ref PrometheusWriter writer, ReadOnlySpan<byte> name, ReadOnlySpan<byte> type, ReadOnlySpan<byte> help, double value)
    {
        writer.Family(name, type, help);
        writer.Sample(Labels.None, value);
    }
}
