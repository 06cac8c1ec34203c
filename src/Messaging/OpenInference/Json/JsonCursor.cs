namespace EdgeRuntime.Messaging.OpenInference.Json;

internal enum JsonKind : byte { End, Object, Array, String, Number, True, False, Null, Other }

// A forward reader of RFC 8259 over one span. Utf8JsonReader reports malformed text by exceptions, which would make hostile
// payloads expensive to refuse, and has no way to read an array of numbers in one go; this reports by value and does.
// The text must be valid UTF-8: check that first.
internal ref partial struct JsonCursor(ReadOnlySpan<byte> text)
{
    public readonly ReadOnlySpan<byte> Text = text;
    public int Position;

    // The first error; every method returns false from there on.
    public ProtocolError? Error { get; private set; }

    public bool Fail(ProtocolErrorCode code, string message)
    {
        Error ??= new ProtocolError(code, message);
        return false;
    }

    public bool Malformed(string expected)
    {
        if (Error is not null) return false;
        var found = Position < Text.Length ? ProtocolError.Quote(Text.Slice(Position, Math.Min(12, Text.Length - Position))) : "the end";
        return Fail(ProtocolErrorCode.MalformedJson, $"malformed JSON at byte {Position}: expected {expected}, found {found}");
    }

    public JsonKind Peek()
    {
        SkipSpace();
        if (Position >= Text.Length) return JsonKind.End;
        return Text[Position] switch
        {
            (byte)'{' => JsonKind.Object,
            (byte)'[' => JsonKind.Array,
            (byte)'"' => JsonKind.String,
            (byte)'-' or (>= (byte)'0' and <= (byte)'9') => JsonKind.Number,
            (byte)'t' => JsonKind.True,
            (byte)'f' => JsonKind.False,
            (byte)'n' => JsonKind.Null,
            _ => JsonKind.Other,
        };
    }

    // Goes into an object or array: follow with NextMember or NextElement until they return false.
    public bool Enter(JsonKind kind, scoped ReadOnlySpan<byte> what)
    {
        if (Error is not null) return false;
        var found = Peek();
        if (found != kind) return WrongKind(what, kind, found);
        Position++;
        return true;
    }

    public bool WrongKind(scoped ReadOnlySpan<byte> what, JsonKind expected, JsonKind found)
    {
        if (found is JsonKind.End or JsonKind.Other) return Malformed(Name(expected));
        return Error is null && Fail(ProtocolErrorCode.WrongKind, $"{ProtocolError.Quote(what)} at byte {Position} is {Name(found)}, it must be {Name(expected)}");
    }

    // Moves to the next member's value; false at the closing brace, which is consumed, or on an error.
    public bool NextMember(ref bool any, out JsonString name)
    {
        name = default;
        if (Error is not null || Close((byte)'}')) return false;
        if (any && !Expect((byte)',', "',' or '}'")) return false;
        any = true;
        SkipSpace();
        return TryString(out name, "a member's name") && Expect((byte)':', "':'");
    }

    // Moves to the next element; false at the closing bracket, which is consumed, or on an error.
    public bool NextElement(ref bool any)
    {
        if (Error is not null || Close((byte)']')) return false;
        if (any && !Expect((byte)',', "',' or ']'")) return false;
        any = true;
        return true;
    }

    public bool AtEnd()
    {
        if (Error is not null) return false;
        SkipSpace();
        return Position == Text.Length
            || Fail(ProtocolErrorCode.TrailingData, $"the JSON ends at byte {Position}, {Text.Length - Position} bytes follow it");
    }

    public void SkipSpace()
    {
        while (Position < Text.Length && Text[Position] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t') Position++;
    }

    private bool Close(byte closing)
    {
        SkipSpace();
        if (Position >= Text.Length || Text[Position] != closing) return false;
        Position++;
        return true;
    }

    private bool Expect(byte symbol, string expected)
    {
        SkipSpace();
        if (Position >= Text.Length || Text[Position] != symbol) return Malformed(expected);
        Position++;
        return true;
    }

    private static string Name(JsonKind kind) => kind switch
    {
        JsonKind.Object => "an object",
        JsonKind.Array => "an array",
        JsonKind.String => "a string",
        JsonKind.Number => "a number",
        JsonKind.True or JsonKind.False => "true or false",
        JsonKind.Null => "null",
        _ => "a value",
    };
}
