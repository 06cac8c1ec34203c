namespace EdgeRuntime.Messaging.OpenInference.Json;

internal ref partial struct MessageReader
{
    private bool TryTensors(TensorSet tensors, ReadOnlySpan<byte> list)
    {
        var any = false;
        if (!cursor.Enter(JsonKind.Array, list)) return false;
        while (cursor.NextElement(ref any))
        {
            if (tensors.Count == limits.MaxTensors)
                return cursor.Fail(ProtocolErrorCode.LimitExceeded, $"{ProtocolError.Quote(list)} has more than {limits.MaxTensors} tensors, the limit");
            if (!TryTensor(tensors, list)) return false;
        }
        return cursor.Error is null;
    }

    private bool TryTensor(TensorSet tensors, ReadOnlySpan<byte> list)
    {
        const int Name = 1, Shape = 2, Type = 4, Parameters = 8, Data = 16;
        int seen = 0, dataAt = -1;
        var any = false;
        var tensor = default(TensorRecord);
        if (!cursor.Enter(JsonKind.Object, list)) return false;
        while (cursor.NextMember(ref any, out var member))
        {
            var read =
                cursor.NameIs(member, "name"u8) ? Once(ref seen, Name, "name"u8) && TryTensorName(tensors, ref tensor) :
                cursor.NameIs(member, "shape"u8) ? Once(ref seen, Shape, "shape"u8) && TryShape(ref tensor) :
                cursor.NameIs(member, "datatype"u8) ? Once(ref seen, Type, "datatype"u8) && TryType(ref tensor) :
                cursor.NameIs(member, "parameters"u8) ? Once(ref seen, Parameters, "parameters"u8) && TryTensorParameters(ref tensor) :
                cursor.NameIs(member, "data"u8) ? Once(ref seen, Data, "data"u8) && TryDataOrLater(ref tensor, (seen & (Shape | Type)) == (Shape | Type), ref dataAt) :
                SkipUnknown(member);
            if (!read) return false;
        }
        if (cursor.Error is not null) return false;
        if ((seen & (Name | Shape | Type)) != (Name | Shape | Type))
            return Missing($"'{((seen & Name) == 0 ? "name" : (seen & Shape) == 0 ? "shape" : "datatype")}' of {ProtocolError.Quote(list)}[{tensors.Count}]");
        if (!TrySource(tensor, (seen & Data) != 0) || (dataAt >= 0 && !TryDataAt(ref tensor, dataAt))) return false;
        tensors.Add(tensor);
        return true;
    }

    private bool TryTensorName(TensorSet tensors, ref TensorRecord tensor)
    {
        if (!TryName("name"u8, out var name)) return false;
        tensor = tensor with { Name = name };
        return tensors.IndexOf(store.Span(name)) < 0
            || cursor.Fail(ProtocolErrorCode.DuplicateName, $"two tensors are named {ProtocolError.Quote(store.Span(name))}");
    }

    private bool TryType(ref TensorRecord tensor)
    {
        if (!TryText("datatype"u8, limits.MaxNameBytes, out var text)) return false;
        if (!TensorDataTypes.TryParse(store.Span(text), out var type))
            return cursor.Fail(ProtocolErrorCode.UnknownDataType, $"datatype {ProtocolError.Quote(store.Span(text))} is not one of the protocol");
        tensor = tensor with { Type = type };
        return true;
    }

    private bool TryTensorParameters(ref TensorRecord tensor)
    {
        if (!TryParameters("parameters"u8, out var run) || !TryCount(run, "binary_data_size"u8, out var size)) return false;
        tensor = tensor with { Parameters = run, Binary = size is not null };
        return true;
    }

    // Data stands in the JSON or in a section: one of them, not both.
    private bool TrySource(in TensorRecord tensor, bool hasData)
    {
        var name = store.Span(tensor.Name);
        if (!tensor.Binary) return hasData || Missing($"'data' of tensor {ProtocolError.Quote(name)}");
        if (hasData) return cursor.Fail(ProtocolErrorCode.BinarySizeMismatch, $"tensor {ProtocolError.Quote(name)} has both 'data' and binary_data_size");
        return sections || cursor.Fail(ProtocolErrorCode.BinarySizeMismatch,
            $"tensor {ProtocolError.Quote(name)} has binary_data_size, but a payload of application/json has no binary sections");
    }

    // Members come in any order: data before its type and shape is passed over and read when they are known.
    private bool TryDataOrLater(ref TensorRecord tensor, bool known, ref int dataAt)
    {
        if (known) return TryData(ref tensor);
        cursor.SkipSpace();
        dataAt = cursor.Position;
        return cursor.Skip(limits.MaxDimensions);
    }

    private bool TryDataAt(ref TensorRecord tensor, int dataAt)
    {
        var end = cursor.Position;
        cursor.Position = dataAt;
        if (!TryData(ref tensor)) return false;
        cursor.Position = end;
        return true;
    }

    private bool TryData(ref TensorRecord tensor)
    {
        store.Data.Align();
        var start = store.Data.Length;
        var reader = new TensorDataReader(store.Span(tensor.Name), tensor.Type, store.Dimensions(tensor.Shape), tensor.Elements, store.Data);
        if (!reader.Read(ref cursor, limits)) return false;
        tensor = tensor with { Data = new Slice(SliceSource.Data, start, store.Data.Length - start) };
        return true;
    }

    private bool TryShape(ref TensorRecord tensor)
    {
        var first = store.DimensionCount;
        var any = false;
        if (!cursor.Enter(JsonKind.Array, "shape"u8)) return false;
        while (cursor.NextElement(ref any))
        {
            if (store.DimensionCount - first == limits.MaxDimensions)
                return cursor.Fail(ProtocolErrorCode.LimitExceeded, $"a shape has more than {limits.MaxDimensions} dimensions at byte {cursor.Position}, the limit");
            if (!TryDimension()) return false;
        }
        if (cursor.Error is not null) return false;
        var shape = new Run(first, store.DimensionCount - first);
        if (!TensorShape.TryCount(store.Dimensions(shape), out var elements))
            return cursor.Fail(ProtocolErrorCode.InvalidShape, $"the shape before byte {cursor.Position} has more than {long.MaxValue} elements");
        if (elements > limits.MaxElements)
            return cursor.Fail(ProtocolErrorCode.LimitExceeded, $"the shape before byte {cursor.Position} has {elements} elements, over the limit of {limits.MaxElements}");
        tensor = tensor with { Shape = shape, Elements = elements };
        return true;
    }

    private bool TryDimension()
    {
        var kind = cursor.Peek();
        if (kind != JsonKind.Number) return cursor.WrongKind("a dimension"u8, JsonKind.Number, kind);
        if (!JsonNumber.TryScan(cursor.Text, ref cursor.Position, out var number)) return cursor.Malformed("a number");
        if (number.Negative || !number.TryMagnitude(out var dimension) || dimension > long.MaxValue)
            return cursor.Fail(ProtocolErrorCode.InvalidShape, $"dimension {ProtocolError.Quote(number.Text)} is not a whole number from 0 to {long.MaxValue}");
        store.AddDimension((long)dimension);
        return true;
    }
}
