using System.Text.Unicode;

namespace EdgeRuntime.Messaging.OpenInference.Grpc;

// Reads inference.ModelInferResponse into a response. Text and raw data stay where they are in the payload; typed contents are decoded.
// Fields come in any order: tensors are read first, then the raw data that belongs to them.
internal ref partial struct ResponseReader(InferenceResponse response, ReadOnlySpan<byte> payload, ProtocolLimits limits)
{
    private const int ModelName = 1, ModelVersion = 2, Id = 3, Parameters = 4, Outputs = 5, RawOutputs = 6;

    private readonly ReadOnlySpan<byte> payload = payload;
    private readonly MessageStore store = response.Store;

    public ProtocolError? Error { get; private set; }

    public bool TryRead()
    {
        Slice model = default, version = default, id = default;
        var reader = new ProtobufReader(payload, 0, payload.Length);
        var first = store.ParameterCount;
        while (reader.Next(out var field, out var wire))
        {
            var read = wire != WireType.Bytes ? Skip(ref reader, wire) : field switch
            {
                ModelName => TryText(ref reader, "model_name", limits.MaxNameBytes, out model),
                ModelVersion => TryText(ref reader, "model_version", limits.MaxNameBytes, out version),
                Id => TryText(ref reader, "id", limits.MaxNameBytes, out id),
                Parameters => TryParameter(ref reader, first),
                Outputs => TryTensor(ref reader),
                _ => Skip(ref reader, wire),
            };
            if (!read) return false;
        }
        if (reader.IsBroken) return Broken(reader);
        response.SetHead(model, version, id, new Run(first, store.ParameterCount - first));
        return TryRawData(out var raw) && (raw ? EveryTensorHasItsSection() : TryContents());
    }

    // The nth raw content is the data of the nth output.
    private bool TryRawData(out bool any)
    {
        var count = 0;
        any = false;
        var reader = new ProtobufReader(payload, 0, payload.Length);
        while (reader.Next(out var field, out var wire))
        {
            if (field != RawOutputs || wire != WireType.Bytes)
            {
                if (!Skip(ref reader, wire)) return false;
                continue;
            }
            if (!reader.TryBytes(out var data)) return Broken(reader);
            if (count == response.Outputs.Count)
                return Fail(ProtocolErrorCode.DataMismatch, $"raw_output_contents has more entries than the {count} outputs");
            if (response.Outputs.Record(count).Data.Source != SliceSource.None)
                return Fail(ProtocolErrorCode.DataMismatch, $"tensor {Name(count)} has both contents and raw_output_contents");
            response.Outputs.SetSection(count++, data);
        }
        any = count > 0;
        return !any || count == response.Outputs.Count
            || Fail(ProtocolErrorCode.DataMismatch, $"raw_output_contents has {count} entries for {response.Outputs.Count} outputs");
    }

    private bool EveryTensorHasItsSection()
    {
        for (var i = 0; i < response.Outputs.Count; i++)
        {
            var tensor = response.Outputs[i];
            if (TensorShape.Check(tensor.DataType, tensor.Shape, tensor.Data, tensor.Name) is not { } error) continue;
            Error = error;
            return false;
        }
        return true;
    }

    private bool TryContents()
    {
        for (var i = 0; i < response.Outputs.Count; i++)
        {
            var contents = new ContentsReader(payload, response.Outputs[i], store.Data, limits);
            store.Data.Align();
            var start = store.Data.Length;
            if (contents.Read(response.Outputs.Record(i).Data) is { } error)
            {
                Error = error;
                return false;
            }
            response.Outputs.SetData(i, new Slice(SliceSource.Data, start, store.Data.Length - start));
        }
        return true;
    }

    private bool TryText(ref ProtobufReader reader, string what, int limit, out Slice text)
    {
        if (!reader.TryBytes(out text)) return Broken(reader);
        if (text.Length > limit)
            return Fail(ProtocolErrorCode.LimitExceeded, $"'{what}' has {text.Length} bytes, over the limit of {limit}");
        return Utf8.IsValid(store.Span(text)) || Fail(ProtocolErrorCode.MalformedMessage, $"'{what}' is not valid UTF-8");
    }

    private readonly string Name(int tensor) => ProtocolError.Quote(response.Outputs[tensor].Name);

    private bool Skip(ref ProtobufReader reader, WireType wire) => reader.Skip(wire) || Broken(reader);

    private bool Broken(in ProtobufReader reader) => Fail(ProtocolErrorCode.MalformedMessage, $"the message is no protobuf at byte {reader.Position} of {payload.Length}");

    private bool Fail(ProtocolErrorCode code, string message)
    {
        Error ??= new ProtocolError(code, message);
        return false;
    }
}
