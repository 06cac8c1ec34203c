namespace EdgeRuntime.Messaging.OpenInference.Json;

internal ref partial struct JsonCursor
{
    public bool TryBoolean(out bool value)
    {
        value = Position < Text.Length && Text[Position] == 't';
        return Literal(value ? "true"u8 : "false"u8);
    }

    // Skips any one value without recursion: nesting is a bit per level, 1 for an object.
    public bool Skip(int maxDepth)
    {
        var depth = 0;
        var kinds = 0UL;
        var any = false;
        while (Error is null)
        {
            var kind = Peek();
            if (kind is JsonKind.Object or JsonKind.Array)
            {
                if (++depth > maxDepth)
                    return Fail(ProtocolErrorCode.LimitExceeded, $"the JSON is nested deeper than {maxDepth} at byte {Position}");
                kinds = kinds << 1 | (kind == JsonKind.Object ? 1UL : 0);
                Position++;
                any = false;
            }
            else if (!SkipScalar(kind)) return false;

            while (true)
            {
                if (depth == 0) return Error is null;
                if ((kinds & 1) != 0 ? NextMember(ref any, out _) : NextElement(ref any)) break;
                if (Error is not null) return false;
                depth--;
                kinds >>= 1;
                any = true;
            }
        }
        return false;
    }

    private bool SkipScalar(JsonKind kind) => kind switch
    {
        JsonKind.String => TryString(out _, "a string"),
        JsonKind.Number => JsonNumber.TryScan(Text, ref Position, out _) || Malformed("a number"),
        JsonKind.True => Literal("true"u8),
        JsonKind.False => Literal("false"u8),
        JsonKind.Null => Literal("null"u8),
        _ => Malformed("a value"),
    };

    private bool Literal(ReadOnlySpan<byte> literal)
    {
        if (!Text[Position..].StartsWith(literal)) return Malformed("true, false or null");
        Position += literal.Length;
        return true;
    }
}
