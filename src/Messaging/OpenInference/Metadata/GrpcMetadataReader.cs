using System.Text;
using System.Text.Unicode;
using EdgeRuntime.Messaging.OpenInference.Grpc;

namespace EdgeRuntime.Messaging.OpenInference.Metadata;

// Reads inference.ServerMetadataResponse, ModelMetadataResponse and the responses that are one boolean.
internal ref struct GrpcMetadataReader(ReadOnlySpan<byte> message, ProtocolLimits limits)
{
    private readonly ReadOnlySpan<byte> message = message;

    public ProtocolError? Error { get; private set; }

    public ServerMetadata? Server()
    {
        const int Name = 1, Version = 2, Extensions = 3;
        string name = "", version = "";
        var extensions = new List<string>();
        var reader = new ProtobufReader(message, 0, message.Length);
        while (Error is null && reader.Next(out var field, out var wire))
        {
            if (field == Name && wire == WireType.Bytes) name = Text(ref reader, "name");
            else if (field == Version && wire == WireType.Bytes) version = Text(ref reader, "version");
            else if (field == Extensions && wire == WireType.Bytes) Add(extensions, ref reader, "extensions");
            else reader.Skip(wire);
        }
        return IsSound(reader, name) ? new ServerMetadata(name, version, extensions) : null;
    }

    public ModelMetadata? Model()
    {
        const int Name = 1, Versions = 2, Platform = 3, Inputs = 4, Outputs = 5;
        string name = "", platform = "";
        List<string> versions = [];
        List<TensorMetadata> inputs = [], outputs = [];
        var reader = new ProtobufReader(message, 0, message.Length);
        while (Error is null && reader.Next(out var field, out var wire))
        {
            if (field == Name && wire == WireType.Bytes) name = Text(ref reader, "name");
            else if (field == Versions && wire == WireType.Bytes) Add(versions, ref reader, "versions");
            else if (field == Platform && wire == WireType.Bytes) platform = Text(ref reader, "platform");
            else if (field == Inputs && wire == WireType.Bytes) Add(inputs, ref reader, "inputs");
            else if (field == Outputs && wire == WireType.Bytes) Add(outputs, ref reader, "outputs");
            else reader.Skip(wire);
        }
        return IsSound(reader, name) ? new ModelMetadata(name, versions, platform, inputs, outputs) : null;
    }

    // ServerReadyResponse, ServerLiveResponse, ModelReadyResponse: false where the field is absent, as proto3 has it.
    public bool Flag()
    {
        var flag = false;
        var reader = new ProtobufReader(message, 0, message.Length);
        while (reader.Next(out var field, out var wire))
        {
            if (field == 1 && wire == WireType.Varint) flag = reader.TryVarint(out var value) && value != 0;
            else reader.Skip(wire);
        }
        if (reader.IsBroken) Broken(reader);
        return flag && Error is null;
    }

    private void Add(List<string> texts, ref ProtobufReader reader, string what)
    {
        if (texts.Count == MetadataLimits.MaxListed) Error ??= MetadataLimits.TooMany(what, MetadataLimits.MaxListed);
        else texts.Add(Text(ref reader, what));
    }

    private void Add(List<TensorMetadata> tensors, ref ProtobufReader reader, string what)
    {
        if (tensors.Count == limits.MaxTensors) Error ??= MetadataLimits.TooMany(what, limits.MaxTensors);
        else if (!reader.TryBytes(out var range)) Broken(reader);
        else if (Tensor(new ProtobufReader(message, range)) is { } tensor) tensors.Add(tensor);
    }

    private TensorMetadata? Tensor(ProtobufReader reader)
    {
        const int Name = 1, Type = 2, Shape = 3;
        string name = "", type = "";
        var shape = new List<long>();
        while (Error is null && reader.Next(out var field, out var wire))
        {
            if (field == Name && wire == WireType.Bytes) name = Text(ref reader, "name");
            else if (field == Type && wire == WireType.Bytes) type = Text(ref reader, "datatype");
            else if (field == Shape && wire == WireType.Bytes) Packed(shape, ref reader);
            else if (field == Shape && wire == WireType.Varint) Dimension(shape, ref reader);
            else reader.Skip(wire);
        }
        if (!IsSound(reader, name)) return null;
        if (TensorDataTypes.TryParse(Encoding.UTF8.GetBytes(type), out var dataType)) return new TensorMetadata(name, dataType, shape);
        Error = new(ProtocolErrorCode.UnknownDataType, $"datatype {ProtocolError.Quote(Encoding.UTF8.GetBytes(type))} is not one of the protocol");
        return null;
    }

    private void Packed(List<long> shape, ref ProtobufReader reader)
    {
        if (!reader.TryBytes(out var range)) return;
        var packed = new ProtobufReader(message, range);
        while (Error is null && !packed.AtEnd) Dimension(shape, ref packed);
        if (packed.IsBroken) Broken(packed);
    }

    private void Dimension(List<long> shape, ref ProtobufReader reader)
    {
        if (!reader.TryVarint(out var dimension)) return;
        if (shape.Count == limits.MaxDimensions) Error ??= MetadataLimits.TooMany("shape", limits.MaxDimensions);
        else if (MetadataLimits.CheckDimension((long)dimension) is { } error) Error ??= error;
        else shape.Add((long)dimension);
    }

    private string Text(ref ProtobufReader reader, string what)
    {
        if (!reader.TryBytes(out var range)) return "";
        var text = message.Slice(range.Offset, range.Length);
        if (text.Length > limits.MaxNameBytes) Error ??= MetadataLimits.TooLong(what, text.Length, limits.MaxNameBytes);
        else if (!Utf8.IsValid(text)) Error ??= new(ProtocolErrorCode.MalformedMessage, $"'{what}' is not valid UTF-8");
        return Error is null ? Encoding.UTF8.GetString(text) : "";
    }

    private bool IsSound(in ProtobufReader reader, string name)
    {
        if (reader.IsBroken) Broken(reader);
        else if (name.Length == 0) Error ??= MetadataLimits.Missing("name");
        return Error is null;
    }

    private void Broken(in ProtobufReader reader) =>
        Error ??= new ProtocolError(ProtocolErrorCode.MalformedMessage, $"the message is no protobuf at byte {reader.Position} of {message.Length}");
}
