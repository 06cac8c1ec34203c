namespace EdgeRuntime.Messaging.OpenInference.Grpc;

internal ref partial struct ResponseReader
{
    // InferOutputTensor. Its contents are noted as its data until it is known whether there is raw data in their place.
    private bool TryTensor(ref ProtobufReader outer)
    {
        const int Name = 1, Type = 2, Shape = 3, Contents = 5;
        if (!outer.TryBytes(out var range)) return Broken(outer);
        if (response.Outputs.Count == limits.MaxTensors)
            return Fail(ProtocolErrorCode.LimitExceeded, $"the response has more than {limits.MaxTensors} tensors, the limit");
        Slice name = default, type = default, contents = default;
        var first = store.DimensionCount;
        var reader = new ProtobufReader(payload, range);
        while (reader.Next(out var field, out var wire))
        {
            var read =
                field == Shape && wire is WireType.Bytes or WireType.Varint ? TryShape(ref reader, wire, first) :
                wire != WireType.Bytes ? Skip(ref reader, wire) : field switch
                {
                    Name => TryText(ref reader, "name", limits.MaxNameBytes, out name),
                    Type => TryText(ref reader, "datatype", limits.MaxNameBytes, out type),
                    Contents => TryOnce(ref reader, ref contents),
                    _ => Skip(ref reader, wire),
                };
            if (!read) return false;
        }
        return reader.IsBroken ? Broken(reader) : TryAdd(name, type, new Run(first, store.DimensionCount - first), contents);
    }

    // Protobuf would have a second one merged with the first. No server writes two, and merging would hide whose they are.
    private bool TryOnce(ref ProtobufReader reader, ref Slice contents)
    {
        if (contents.Source != SliceSource.None) return Fail(ProtocolErrorCode.DuplicateField, $"'contents' stands twice, the second time at byte {reader.Position}");
        return reader.TryBytes(out contents) || Broken(reader);
    }

    private bool TryAdd(Slice name, Slice type, Run shape, Slice contents)
    {
        var text = store.Span(name);
        if (text.IsEmpty) return Fail(ProtocolErrorCode.MissingField, $"'name' of outputs[{response.Outputs.Count}] is missing");
        if (response.Outputs.IndexOf(text) >= 0) return Fail(ProtocolErrorCode.DuplicateName, $"two tensors are named {ProtocolError.Quote(text)}");
        if (!TensorDataTypes.TryParse(store.Span(type), out var dataType))
            return Fail(ProtocolErrorCode.UnknownDataType, $"datatype {ProtocolError.Quote(store.Span(type))} is not one of the protocol");
        if (!TensorShape.TryCount(store.Dimensions(shape), out var elements))
            return Fail(ProtocolErrorCode.InvalidShape, $"tensor {ProtocolError.Quote(text)} has a negative dimension or more than {long.MaxValue} elements");
        if (elements > limits.MaxElements)
            return Fail(ProtocolErrorCode.LimitExceeded, $"tensor {ProtocolError.Quote(text)} has {elements} elements, over the limit of {limits.MaxElements}");
        response.Outputs.Add(new TensorRecord(name, dataType, shape, elements, contents, default, Binary: false));
        return true;
    }

    private bool TryShape(ref ProtobufReader reader, WireType wire, int first)
    {
        if (wire == WireType.Varint) return reader.TryVarint(out var one) ? TryDimension(one, first) : Broken(reader);
        if (!reader.TryBytes(out var range)) return Broken(reader);
        for (var packed = new ProtobufReader(payload, range); !packed.AtEnd;)
        {
            if (!packed.TryVarint(out var dimension)) return Broken(packed);
            if (!TryDimension(dimension, first)) return false;
        }
        return true;
    }

    private bool TryDimension(ulong dimension, int first)
    {
        if (store.DimensionCount - first == limits.MaxDimensions)
            return Fail(ProtocolErrorCode.LimitExceeded, $"a shape has more than {limits.MaxDimensions} dimensions, the limit");
        store.AddDimension((long)dimension);
        return true;
    }

    // An entry of map<string, InferParameter>.
    private bool TryParameter(ref ProtobufReader outer, int first)
    {
        const int Key = 1, Value = 2;
        if (!outer.TryBytes(out var range)) return Broken(outer);
        if (store.ParameterCount - first == limits.MaxParameters)
            return Fail(ProtocolErrorCode.LimitExceeded, $"the response has more than {limits.MaxParameters} parameters, the limit");
        Slice key = default, value = default;
        var reader = new ProtobufReader(payload, range);
        while (reader.Next(out var field, out var wire))
        {
            var read = wire != WireType.Bytes ? Skip(ref reader, wire) : field switch
            {
                Key => TryText(ref reader, "a parameter's name", limits.MaxNameBytes, out key),
                Value => reader.TryBytes(out value) || Broken(reader),
                _ => Skip(ref reader, wire),
            };
            if (!read) return false;
        }
        if (reader.IsBroken) return Broken(reader);
        if (new ParameterList(store, new Run(first, store.ParameterCount - first)).TryGet(store.Span(key), out _))
            return Fail(ProtocolErrorCode.DuplicateField, $"parameter {ProtocolError.Quote(store.Span(key))} stands twice");
        return TryParameterValue(key, new ProtobufReader(payload, value));
    }

    // The last of the choices counts, as protobuf has it; a choice that is not known is no value, and the parameter is left out.
    private bool TryParameterValue(Slice key, ProtobufReader reader)
    {
        const int Boolean = 1, Integer = 2, Text = 3, Real = 4, Unsigned = 5;
        ParameterRecord? found = null;
        while (reader.Next(out var field, out var wire))
        {
            var number = 0UL;
            var text = default(Slice);
            var read = wire switch
            {
                WireType.Varint => reader.TryVarint(out number) || Broken(reader),
                WireType.Fixed64 => reader.TryFixed64(out number) || Broken(reader),
                WireType.Bytes when field == Text => TryText(ref reader, "a parameter's text", limits.MaxParameterTextBytes, out text),
                _ => Skip(ref reader, wire),
            };
            if (!read) return false;
            found = (field, wire) switch
            {
                (Boolean, WireType.Varint) => new ParameterRecord(key, ParameterKind.Boolean, number == 0 ? 0 : 1, default),
                (Integer, WireType.Varint) => new ParameterRecord(key, ParameterKind.Integer, (long)number, default),
                (Unsigned, WireType.Varint) when number <= long.MaxValue => new ParameterRecord(key, ParameterKind.Integer, (long)number, default),
                (Unsigned, WireType.Varint) => new ParameterRecord(key, ParameterKind.Number, BitConverter.DoubleToInt64Bits(number), default),
                (Real, WireType.Fixed64) => new ParameterRecord(key, ParameterKind.Number, (long)number, default),
                (Text, WireType.Bytes) => new ParameterRecord(key, ParameterKind.Text, 0, text),
                _ => found,
            };
        }
        if (reader.IsBroken) return Broken(reader);
        if (found is { } parameter) store.AddParameter(parameter);
        return true;
    }
}
