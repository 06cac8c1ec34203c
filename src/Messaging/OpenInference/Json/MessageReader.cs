using System.Text.Unicode;

namespace EdgeRuntime.Messaging.OpenInference.Json;

// Reads the JSON of a message into a store. The JSON is the head of the payload, so that offsets in it are offsets in the payload.
internal ref partial struct MessageReader
{
    private readonly MessageStore store;
    private readonly ProtocolLimits limits;
    private readonly bool sections;
    private JsonCursor cursor;

    // sections: binary tensor data follows the JSON.
    public MessageReader(MessageStore store, ReadOnlySpan<byte> json, ProtocolLimits limits, bool sections)
    {
        this.store = store;
        this.limits = limits;
        this.sections = sections;
        cursor = new JsonCursor(json);
        if (!Utf8.IsValid(json)) cursor.Fail(ProtocolErrorCode.MalformedJson, "the JSON is not valid UTF-8");
    }

    public readonly ProtocolError? Error => cursor.Error;

    // Notes a member as seen; false, with an error, where it was seen before.
    private bool Once(ref int seen, int member, ReadOnlySpan<byte> name)
    {
        if ((seen & member) != 0)
            return cursor.Fail(ProtocolErrorCode.DuplicateField, $"member {ProtocolError.Quote(name)} stands twice, the second time at byte {cursor.Position}");
        seen |= member;
        return true;
    }

    private bool Missing(string what) => cursor.Fail(ProtocolErrorCode.MissingField, $"{what} is missing");

    private bool TooLong(scoped ReadOnlySpan<byte> what, int length, int limit) =>
        cursor.Fail(ProtocolErrorCode.LimitExceeded, $"{ProtocolError.Quote(what)} has {length} bytes at byte {cursor.Position}, over the limit of {limit}");

    private bool TryText(scoped ReadOnlySpan<byte> what, int limit, out Slice text)
    {
        text = default;
        if (cursor.Error is not null) return false;
        var kind = cursor.Peek();
        if (kind != JsonKind.String) return cursor.WrongKind(what, JsonKind.String, kind);
        return cursor.TryString(out var raw, "a string") && TryKeep(what, raw, limit, out text);
    }

    private bool TryName(scoped ReadOnlySpan<byte> what, out Slice name) =>
        TryText(what, limits.MaxNameBytes, out name) && (name.Length > 0 || Missing($"the text of {ProtocolError.Quote(what)} at byte {cursor.Position}"));

    // Text without escapes stays where it is.
    private bool TryKeep(scoped ReadOnlySpan<byte> what, JsonString raw, int limit, out Slice text)
    {
        text = Slice.InPayload(raw.Start, raw.Length);
        if (raw.Length > limit) return TooLong(what, raw.Length, limit);
        if (!raw.Escaped) return true;
        var offset = store.Text.Length;
        var length = JsonCursor.Unescape(cursor.Raw(raw), store.Text.Reserve(raw.Length));
        store.Text.Truncate(offset + length);
        text = new Slice(SliceSource.Text, offset, length);
        return true;
    }

    private bool SkipUnknown(JsonString name) =>
        name.Length > limits.MaxNameBytes ? TooLong("a member's name"u8, name.Length, limits.MaxNameBytes) : cursor.Skip(limits.MaxDepth);
}
