using System.Buffers;
using System.Globalization;
using System.Text.Json;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Lanes;

namespace EdgeRuntime.Serving.Tracing;

/// <summary>
/// Requests as spans in the JSON encoding of OTLP: one for the whole of a request, of kind server, and within it receive, queue, compute and
/// respond. One thread.
/// </summary>
internal sealed class OtlpJson(string device, string fleet, string version, TraceIds ids)
{
    private const int Server = 2, Internal = 1, Failed = 2; // numbers of opentelemetry.proto.trace.v1

    public const int MostSpansOfARequest = 5;

    /// <summary>Writes a whole export request.</summary>
    /// <returns>How many spans it holds.</returns>
    public int Write(ReadOnlySpan<SampledRequest> batch, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output);
        int spans = 0;
        json.WriteStartObject();
        json.WriteStartArray("resourceSpans"u8);
        json.WriteStartObject();
        Resource(json);
        json.WriteStartArray("scopeSpans"u8);
        json.WriteStartObject();
        json.WriteStartObject("scope"u8);
        json.WriteString("name"u8, "edge-runtime"u8);
        json.WriteEndObject();
        json.WriteStartArray("spans"u8);
        foreach (ref readonly var sampled in batch) spans += Spans(json, sampled);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        return spans;
    }

    private void Resource(Utf8JsonWriter json)
    {
        json.WriteStartObject("resource"u8);
        json.WriteStartArray("attributes"u8);
        Attribute(json, "service.name"u8, "edge-runtime");
        Attribute(json, "service.version"u8, version);
        Attribute(json, "service.namespace"u8, fleet);
        Attribute(json, "service.instance.id"u8, device);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private int Spans(Utf8JsonWriter json, in SampledRequest sampled)
    {
        var request = sampled.Request;
        Begin(json, sampled, sampled.Span.SpanId, sampled.ParentSpan, $"infer {request.Model}", Server, TimeSpan.Zero, request.Answered);
        Facts(json, request);
        json.WriteEndObject();
        return 1 + Part(json, sampled, "receive", TimeSpan.Zero, request.Admitted)
            + Part(json, sampled, "queue", request.Admitted, request.Started)
            + Part(json, sampled, "compute", request.Started, request.Computed)
            + Part(json, sampled, "respond", request.Computed, request.Answered);
    }

    private int Part(Utf8JsonWriter json, in SampledRequest sampled, string name, TimeSpan from, TimeSpan to)
    {
        if (to <= from) return 0;
        Begin(json, sampled, ids.Next(), sampled.Span.SpanId, name, Internal, from, to);
        json.WriteEndObject();
        return 1;
    }

    private static void Begin(Utf8JsonWriter json, in SampledRequest sampled, ulong span, ulong parent, string name, int kind, TimeSpan from, TimeSpan to)
    {
        json.WriteStartObject();
        json.WriteString("traceId"u8, string.Create(CultureInfo.InvariantCulture, $"{sampled.Span.TraceHigh:x16}{sampled.Span.TraceLow:x16}"));
        json.WriteString("spanId"u8, span.ToString("x16", CultureInfo.InvariantCulture));
        if (parent != 0) json.WriteString("parentSpanId"u8, parent.ToString("x16", CultureInfo.InvariantCulture));
        json.WriteString("name"u8, name);
        json.WriteNumber("kind"u8, kind);
        json.WriteString("startTimeUnixNano"u8, Nanoseconds(sampled.Arrived + from));
        json.WriteString("endTimeUnixNano"u8, Nanoseconds(sampled.Arrived + to));
    }

    private static void Facts(Utf8JsonWriter json, in TracedRequest request)
    {
        json.WriteStartArray("attributes"u8);
        Attribute(json, "edge.model"u8, request.Model);
        Attribute(json, "edge.model.version"u8, request.Version);
        Attribute(json, "edge.variant"u8, request.Variant);
        Attribute(json, "edge.route"u8, request.Route);
        Attribute(json, "edge.status"u8, request.Status.WireName());
        Attribute(json, "edge.reason"u8, request.Reason.WireName());
        json.WriteEndArray();
        if (!IsDevicesFault(request.Status)) return;
        json.WriteStartObject("status"u8);
        json.WriteNumber("code"u8, Failed);
        json.WriteEndObject();
    }

    // A server's span is no error where its client asked for what cannot be.
    private static bool IsDevicesFault(InferenceStatus status) =>
        status is InferenceStatus.DeadlineExceeded or InferenceStatus.ResourceExhausted or InferenceStatus.Unavailable or InferenceStatus.Internal;

    private static void Attribute(Utf8JsonWriter json, ReadOnlySpan<byte> key, string value)
    {
        StartAttribute(json, key);
        json.WriteString("stringValue"u8, value);
        EndAttribute(json);
    }

    private static void Attribute(Utf8JsonWriter json, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        StartAttribute(json, key);
        json.WriteString("stringValue"u8, value);
        EndAttribute(json);
    }

    private static void StartAttribute(Utf8JsonWriter json, ReadOnlySpan<byte> key)
    {
        json.WriteStartObject();
        json.WriteString("key"u8, key);
        json.WriteStartObject("value"u8);
    }

    private static void EndAttribute(Utf8JsonWriter json)
    {
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string Nanoseconds(DateTimeOffset at) => ((at - DateTimeOffset.UnixEpoch).Ticks * 100).ToString(CultureInfo.InvariantCulture);
}
