using EdgeRuntime.Messaging.OpenInference.Grpc;
using EdgeRuntime.Messaging.OpenInference.Metadata;

namespace EdgeRuntime.Messaging.OpenInference;

/// <summary>
/// What servers say of themselves and of their models, in both forms of the protocol: the side of a client. Every refusal is a value; nothing is
/// thrown whatever the bytes are. Source: KServe, Open Inference Protocol (v2), REST and GRPC API.
/// </summary>
public static class MetadataCodec
{
    /// <summary>Reads the answer to <c>GET v2</c>.</summary>
    public static ProtocolError? ReadServer(ReadOnlySpan<byte> json, ProtocolLimits limits, out ServerMetadata? metadata)
    {
        ArgumentNullException.ThrowIfNull(limits);
        metadata = null;
        if (MetadataLimits.CheckSize(json.Length, limits) is { } error) return error;
        var reader = new JsonMetadataReader(json, limits);
        metadata = reader.Server();
        return reader.Error;
    }

    /// <summary>Reads the answer to <c>GET v2/models/MODEL</c>.</summary>
    public static ProtocolError? ReadModel(ReadOnlySpan<byte> json, ProtocolLimits limits, out ModelMetadata? metadata)
    {
        ArgumentNullException.ThrowIfNull(limits);
        metadata = null;
        if (MetadataLimits.CheckSize(json.Length, limits) is { } error) return error;
        var reader = new JsonMetadataReader(json, limits);
        metadata = reader.Model();
        return reader.Error;
    }

    /// <summary>Reads the body of a positive answer to a question for readiness: nothing, a boolean, or a document with <c>ready</c>.</summary>
    public static ProtocolError? ReadReady(ReadOnlySpan<byte> json, ProtocolLimits limits, out bool ready)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ready = json.IsEmpty;
        if (ready) return null;
        if (MetadataLimits.CheckSize(json.Length, limits) is { } error) return error;
        var reader = new JsonMetadataReader(json, limits);
        ready = reader.Ready();
        return reader.Error;
    }

    /// <summary>Reads <c>inference.ServerMetadataResponse</c>.</summary>
    public static ProtocolError? ReadServerMessage(ReadOnlySpan<byte> message, ProtocolLimits limits, out ServerMetadata? metadata)
    {
        ArgumentNullException.ThrowIfNull(limits);
        metadata = null;
        if (MetadataLimits.CheckSize(message.Length, limits) is { } error) return error;
        var reader = new GrpcMetadataReader(message, limits);
        metadata = reader.Server();
        return reader.Error;
    }

    /// <summary>Reads <c>inference.ModelMetadataResponse</c>.</summary>
    public static ProtocolError? ReadModelMessage(ReadOnlySpan<byte> message, ProtocolLimits limits, out ModelMetadata? metadata)
    {
        ArgumentNullException.ThrowIfNull(limits);
        metadata = null;
        if (MetadataLimits.CheckSize(message.Length, limits) is { } error) return error;
        var reader = new GrpcMetadataReader(message, limits);
        metadata = reader.Model();
        return reader.Error;
    }

    /// <summary>Reads <c>inference.ServerLiveResponse</c>, <c>ServerReadyResponse</c> or <c>ModelReadyResponse</c>.</summary>
    public static ProtocolError? ReadReadyMessage(ReadOnlySpan<byte> message, ProtocolLimits limits, out bool ready)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ready = false;
        if (MetadataLimits.CheckSize(message.Length, limits) is { } error) return error;
        var reader = new GrpcMetadataReader(message, limits);
        ready = reader.Flag();
        return reader.Error;
    }

    /// <summary>Appends <c>inference.ModelReadyRequest</c> or <c>ModelMetadataRequest</c>, which are alike; those for the server are empty.</summary>
    public static void WriteModelRequest(ReadOnlySpan<byte> model, ReadOnlySpan<byte> version, PayloadBuffer to)
    {
        ArgumentNullException.ThrowIfNull(to);
        var protobuf = new ProtobufWriter(to);
        protobuf.Text(1, model);
        protobuf.Text(2, version);
    }
}
