using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeRuntime.Messaging.OpenInference.Json;

internal enum ElementFault : byte { None, Malformed, WrongKind, OutOfRange }

// How one element of a fixed-size type is read from JSON; generic over structs, so that each array has its own tight loop.
internal interface IElementFormat<T> where T : unmanaged
{
    static abstract ElementFault TryRead(ref JsonCursor cursor, out T value);
}

internal readonly struct IntegerFormat<T> : IElementFormat<T> where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ElementFault TryRead(ref JsonCursor cursor, out T value)
    {
        value = default;
        if (!JsonNumber.TryScan(cursor.Text, ref cursor.Position, out var number)) return ElementFault.Malformed;
        if (!number.Whole) return ElementFault.WrongKind;
        if (!number.TryMagnitude(out var magnitude)) return ElementFault.OutOfRange;
        var limit = ulong.CreateTruncating(T.MaxValue);
        if (!number.Negative)
        {
            value = T.CreateTruncating(magnitude);
            return magnitude <= limit ? ElementFault.None : ElementFault.OutOfRange;
        }
        value = T.CreateTruncating(0UL - magnitude);
        var negativeLimit = T.IsNegative(T.MinValue) ? limit + 1 : 0; // two's complement
        return magnitude <= negativeLimit ? ElementFault.None : ElementFault.OutOfRange;
    }
}

internal readonly struct SingleFormat : IElementFormat<float>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ElementFault TryRead(ref JsonCursor cursor, out float value)
    {
        value = default;
        if (!JsonNumber.TryScan(cursor.Text, ref cursor.Position, out var number)) return ElementFault.Malformed;
        value = JsonFloat.ToSingle(number);
        return float.IsFinite(value) ? ElementFault.None : ElementFault.OutOfRange;
    }
}

internal readonly struct DoubleFormat : IElementFormat<double>
{
    public static ElementFault TryRead(ref JsonCursor cursor, out double value)
    {
        value = default;
        if (!JsonNumber.TryScan(cursor.Text, ref cursor.Position, out var number)) return ElementFault.Malformed;
        value = JsonFloat.ToDouble(number);
        return double.IsFinite(value) ? ElementFault.None : ElementFault.OutOfRange;
    }
}

internal readonly struct HalfFormat : IElementFormat<Half>
{
    public static ElementFault TryRead(ref JsonCursor cursor, out Half value)
    {
        var fault = DoubleFormat.TryRead(ref cursor, out var number);
        value = (Half)number;
        return fault == ElementFault.None && !Half.IsFinite(value) ? ElementFault.OutOfRange : fault;
    }
}

internal readonly struct BooleanFormat : IElementFormat<byte>
{
    public static ElementFault TryRead(ref JsonCursor cursor, out byte value)
    {
        value = 0;
        var kind = cursor.Peek();
        if (kind is JsonKind.True or JsonKind.False)
        {
            if (!cursor.TryBoolean(out var boolean)) return ElementFault.Malformed;
            value = boolean ? (byte)1 : (byte)0;
            return ElementFault.None;
        }
        return kind is JsonKind.End or JsonKind.Other ? ElementFault.Malformed : ElementFault.WrongKind;
    }
}
