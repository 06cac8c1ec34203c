using System.Runtime.CompilerServices;

namespace EdgeRuntime.Messaging.OpenInference.Json;

// Walks the values of a tensor's "data", which is either flat or nested exactly as the shape says: a ragged array is refused.
internal ref struct ArrayNesting(ReadOnlySpan<long> shape)
{
    private readonly ReadOnlySpan<long> shape = shape;
    private Counts counts;
    private int level;
    private int valueLevel; // 0 until the first value tells: 1 is flat, the rank is nested
    private Step step;

    private enum Step : byte { Open, FirstOrClose, Value, CommaOrClose }

    [InlineArray(ProtocolLimits.HardMaxDimensions + 1)]
    private struct Counts
    {
        private long first;
    }

    // Moves to the next value; false at the end of the outermost array or on an error.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool NextValue(ref JsonCursor cursor)
    {
        // Two values of one innermost array, the case of nearly every call.
        if (step == Step.CommaOrClose && level == valueLevel)
        {
            var at = cursor.Position;
            if ((uint)at < (uint)cursor.Text.Length && cursor.Text[at] == ',')
            {
                if ((uint)++at < (uint)cursor.Text.Length && cursor.Text[at] == ' ') at++;
                if ((uint)at < (uint)cursor.Text.Length && cursor.Text[at] is (byte)'-' or (>= (byte)'0' and <= (byte)'9'))
                {
                    cursor.Position = at;
                    counts[level]++;
                    return true;
                }
            }
        }
        return NextValueAnywhere(ref cursor);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool NextValueAnywhere(ref JsonCursor cursor)
    {
        while (true)
        {
            cursor.SkipSpace();
            var symbol = cursor.Position < cursor.Text.Length ? cursor.Text[cursor.Position] : (byte)0;
            switch (step)
            {
                case Step.Open when symbol != '[':
                    return cursor.WrongKind("data"u8, JsonKind.Array, cursor.Peek());
                case Step.CommaOrClose when symbol == ',':
                    cursor.Position++;
                    step = Step.Value;
                    break;
                case Step.CommaOrClose or Step.FirstOrClose when symbol == ']':
                    if (!Close(ref cursor)) return false;
                    if (level == 0) return false;
                    break;
                case Step.CommaOrClose:
                    return cursor.Malformed("',' or ']'");
                case Step.Open or Step.FirstOrClose or Step.Value when symbol == '[':
                    if (!Open(ref cursor)) return false;
                    break;
                default:
                    return EnterValue(ref cursor);
            }
        }
    }

    private bool Open(ref JsonCursor cursor)
    {
        var deepest = valueLevel > 0 ? valueLevel : Math.Max(shape.Length, 1);
        if (level == deepest)
            return cursor.Fail(ProtocolErrorCode.DataMismatch, $"data is nested {level + 1} deep at byte {cursor.Position}: it must be flat or nested as its {shape.Length} dimensions");
        counts[level]++;
        counts[++level] = 0;
        cursor.Position++;
        step = Step.FirstOrClose;
        return true;
    }

    private bool Close(ref JsonCursor cursor)
    {
        if (valueLevel > 1 && counts[level] != shape[level - 1])
            return cursor.Fail(ProtocolErrorCode.DataMismatch, $"data has {counts[level]} elements in the array that ends at byte {cursor.Position}, dimension {level - 1} asks for {shape[level - 1]}");
        level--;
        cursor.Position++;
        step = Step.CommaOrClose;
        return true;
    }

    private bool EnterValue(ref JsonCursor cursor)
    {
        if (valueLevel == 0 && (level == 1 || level == shape.Length)) valueLevel = level;
        if (level != valueLevel)
            return cursor.Fail(ProtocolErrorCode.DataMismatch, $"data has a value {level} deep at byte {cursor.Position}: it must be flat or nested as its {shape.Length} dimensions");
        counts[level]++;
        step = Step.CommaOrClose;
        return true;
    }
}
