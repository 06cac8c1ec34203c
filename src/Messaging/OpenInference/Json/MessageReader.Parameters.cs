namespace EdgeRuntime.Messaging.OpenInference.Json;

internal ref partial struct MessageReader
{
    private bool TryParameters(ReadOnlySpan<byte> what, out Run run)
    {
        var first = store.ParameterCount;
        run = default;
        var any = false;
        if (!cursor.Enter(JsonKind.Object, what)) return false;
        while (cursor.NextMember(ref any, out var member))
        {
            if (store.ParameterCount - first == limits.MaxParameters)
                return cursor.Fail(ProtocolErrorCode.LimitExceeded, $"an object has more than {limits.MaxParameters} parameters at byte {cursor.Position}, the limit");
            if (!TryKeep("a parameter's name"u8, member, limits.MaxNameBytes, out var name)) return false;
            var text = store.Span(name);
            if (new ParameterList(store, new Run(first, store.ParameterCount - first)).TryGet(text, out _))
                return cursor.Fail(ProtocolErrorCode.DuplicateField, $"parameter {ProtocolError.Quote(text)} stands twice, the second time at byte {cursor.Position}");
            if (!TryParameter(name, text)) return false;
        }
        run = new Run(first, store.ParameterCount - first);
        return cursor.Error is null;
    }

    private bool TryParameter(Slice name, scoped ReadOnlySpan<byte> text)
    {
        var kind = cursor.Peek();
        switch (kind)
        {
            case JsonKind.True or JsonKind.False:
                if (!cursor.TryBoolean(out var boolean)) return false;
                store.AddParameter(new ParameterRecord(name, ParameterKind.Boolean, boolean ? 1 : 0, default));
                return true;
            case JsonKind.Number:
                return TryNumber(name, text);
            case JsonKind.String:
                if (!TryText(text, limits.MaxParameterTextBytes, out var value)) return false;
                store.AddParameter(new ParameterRecord(name, ParameterKind.Text, 0, value));
                return true;
            case JsonKind.End or JsonKind.Other:
                return cursor.Malformed("a parameter's value");
            default:
                return cursor.Fail(ProtocolErrorCode.WrongKind, $"parameter {ProtocolError.Quote(text)} at byte {cursor.Position} must be a boolean, a number or a string");
        }
    }

    private bool TryNumber(Slice name, scoped ReadOnlySpan<byte> text)
    {
        if (!JsonNumber.TryScan(cursor.Text, ref cursor.Position, out var number)) return cursor.Malformed("a number");
        if (number.TryMagnitude(out var magnitude) && magnitude <= (ulong)long.MaxValue + (number.Negative ? 1UL : 0))
        {
            store.AddParameter(new ParameterRecord(name, ParameterKind.Integer, number.Negative ? (long)(0 - magnitude) : (long)magnitude, default));
            return true;
        }
        var real = JsonFloat.ToDouble(number);
        if (!double.IsFinite(real))
            return cursor.Fail(ProtocolErrorCode.ValueOutOfRange, $"parameter {ProtocolError.Quote(text)} is {ProtocolError.Quote(number.Text)}, outside the range of a double");
        store.AddParameter(new ParameterRecord(name, ParameterKind.Number, BitConverter.DoubleToInt64Bits(real), default));
        return true;
    }

    private bool TryFlag(Run parameters, ReadOnlySpan<byte> name, out bool? flag)
    {
        flag = null;
        if (!new ParameterList(store, parameters).TryGet(name, out var parameter)) return true;
        flag = parameter.Boolean;
        return parameter.Kind == ParameterKind.Boolean
            || cursor.Fail(ProtocolErrorCode.WrongKind, $"parameter {ProtocolError.Quote(name)} must be true or false");
    }

    // A parameter that counts something: not negative, within an int.
    private bool TryCount(Run parameters, ReadOnlySpan<byte> name, out int? count)
    {
        count = null;
        if (!new ParameterList(store, parameters).TryGet(name, out var parameter)) return true;
        if (parameter.Kind != ParameterKind.Integer)
            return cursor.Fail(ProtocolErrorCode.WrongKind, $"parameter {ProtocolError.Quote(name)} must be a whole number");
        if (parameter.Integer is < 0 or > int.MaxValue)
            return cursor.Fail(ProtocolErrorCode.ValueOutOfRange, $"parameter {ProtocolError.Quote(name)} is {parameter.Integer}, it must be from 0 to {int.MaxValue}");
        count = (int)parameter.Integer;
        return true;
    }
}
