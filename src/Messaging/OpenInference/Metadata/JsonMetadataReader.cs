using System.Text;
using System.Text.Unicode;
using EdgeRuntime.Messaging.OpenInference.Json;

namespace EdgeRuntime.Messaging.OpenInference.Metadata;

// Reads the metadata of the REST form. Servers differ in what they leave out or put as null: a name is needed, and of a tensor all three.
internal ref struct JsonMetadataReader
{
    private readonly ProtocolLimits limits;
    private JsonCursor cursor;

    public JsonMetadataReader(ReadOnlySpan<byte> json, ProtocolLimits limits)
    {
        this.limits = limits;
        cursor = new JsonCursor(json);
        if (!Utf8.IsValid(json)) cursor.Fail(ProtocolErrorCode.MalformedJson, "the JSON is not valid UTF-8");
    }

    public readonly ProtocolError? Error => cursor.Error;

    public ServerMetadata? Server()
    {
        string? name = null, version = null;
        List<string>? extensions = null;
        var any = false;
        cursor.Enter(JsonKind.Object, "the server's metadata"u8);
        while (cursor.NextMember(ref any, out var member))
        {
            if (cursor.NameIs(member, "name"u8)) name = Text("name");
            else if (cursor.NameIs(member, "version"u8)) version = Text("version");
            else if (cursor.NameIs(member, "extensions"u8)) extensions = Texts("extensions");
            else cursor.Skip(limits.MaxDepth);
        }
        return cursor.AtEnd() && Has(name, "name") ? new ServerMetadata(name!, version ?? "", extensions ?? []) : null;
    }

    public ModelMetadata? Model()
    {
        string? name = null, platform = null;
        List<string>? versions = null;
        List<TensorMetadata>? inputs = null, outputs = null;
        var any = false;
        cursor.Enter(JsonKind.Object, "the model's metadata"u8);
        while (cursor.NextMember(ref any, out var member))
        {
            if (cursor.NameIs(member, "name"u8)) name = Text("name");
            else if (cursor.NameIs(member, "platform"u8)) platform = Text("platform");
            else if (cursor.NameIs(member, "versions"u8)) versions = Texts("versions");
            else if (cursor.NameIs(member, "inputs"u8)) inputs = Tensors("inputs");
            else if (cursor.NameIs(member, "outputs"u8)) outputs = Tensors("outputs");
            else cursor.Skip(limits.MaxDepth);
        }
        return cursor.AtEnd() && Has(name, "name") ? new ModelMetadata(name!, versions ?? [], platform ?? "", inputs ?? [], outputs ?? []) : null;
    }

    // What a server that answers readiness with a document says in it; true where it does not say.
    public bool Ready()
    {
        var ready = true;
        var any = false;
        if (cursor.Peek() is JsonKind.True or JsonKind.False) return cursor.TryBoolean(out ready) && cursor.AtEnd() && ready;
        cursor.Enter(JsonKind.Object, "the readiness"u8);
        while (cursor.NextMember(ref any, out var member))
        {
            if (!cursor.NameIs(member, "ready"u8)) cursor.Skip(limits.MaxDepth);
            else if (cursor.Peek() is JsonKind.True or JsonKind.False) cursor.TryBoolean(out ready);
            else cursor.WrongKind("ready"u8, JsonKind.True, cursor.Peek());
        }
        return cursor.AtEnd() && ready;
    }

    private List<TensorMetadata>? Tensors(string what)
    {
        if (IsNull()) return null;
        var tensors = new List<TensorMetadata>();
        var any = false;
        cursor.Enter(JsonKind.Array, Encoding.UTF8.GetBytes(what));
        while (cursor.NextElement(ref any))
        {
            if (tensors.Count == limits.MaxTensors) Fail(MetadataLimits.TooMany(what, limits.MaxTensors));
            else if (Tensor(what) is { } tensor) tensors.Add(tensor);
        }
        return tensors;
    }

    private TensorMetadata? Tensor(string what)
    {
        string? name = null, type = null;
        List<long>? shape = null;
        var any = false;
        cursor.Enter(JsonKind.Object, Encoding.UTF8.GetBytes(what));
        while (cursor.NextMember(ref any, out var member))
        {
            if (cursor.NameIs(member, "name"u8)) name = Text("name");
            else if (cursor.NameIs(member, "datatype"u8)) type = Text("datatype");
            else if (cursor.NameIs(member, "shape"u8)) shape = Shape();
            else cursor.Skip(limits.MaxDepth);
        }
        if (!Has(name, $"{what}[].name") || !Has(type, $"{what}[].datatype") || !Has(shape, $"{what}[].shape")) return null;
        if (TensorDataTypes.TryParse(Encoding.UTF8.GetBytes(type!), out var dataType)) return new TensorMetadata(name!, dataType, shape!);
        cursor.Fail(ProtocolErrorCode.UnknownDataType, $"datatype {ProtocolError.Quote(Encoding.UTF8.GetBytes(type!))} is not one of the protocol");
        return null;
    }

    private List<long> Shape()
    {
        var shape = new List<long>();
        var any = false;
        cursor.Enter(JsonKind.Array, "shape"u8);
        while (cursor.NextElement(ref any))
        {
            if (shape.Count == limits.MaxDimensions) Fail(MetadataLimits.TooMany("shape", limits.MaxDimensions));
            else if (cursor.Peek() != JsonKind.Number) cursor.WrongKind("a dimension"u8, JsonKind.Number, cursor.Peek());
            else shape.Add(Dimension());
        }
        return shape;
    }

    private long Dimension()
    {
        if (!JsonNumber.TryScan(cursor.Text, ref cursor.Position, out var number)) cursor.Malformed("a number");
        else if (!number.TryMagnitude(out var magnitude) || magnitude > long.MaxValue || (number.Negative && magnitude > 1))
            cursor.Fail(ProtocolErrorCode.InvalidShape, $"dimension {ProtocolError.Quote(number.Text)} is neither -1 nor a whole number from 0 to {long.MaxValue}");
        else return number.Negative ? -(long)magnitude : (long)magnitude;
        return 0;
    }

    private List<string>? Texts(string what)
    {
        if (IsNull()) return null;
        var texts = new List<string>();
        var any = false;
        cursor.Enter(JsonKind.Array, Encoding.UTF8.GetBytes(what));
        while (cursor.NextElement(ref any))
        {
            if (texts.Count == MetadataLimits.MaxListed) Fail(MetadataLimits.TooMany(what, MetadataLimits.MaxListed));
            else if (Text(what) is { } text) texts.Add(text);
        }
        return texts;
    }

    private string? Text(string what)
    {
        if (IsNull() || cursor.Error is not null) return null;
        var kind = cursor.Peek();
        if (kind != JsonKind.String) cursor.WrongKind(Encoding.UTF8.GetBytes(what), JsonKind.String, kind);
        if (!cursor.TryString(out var raw, "a string")) return null;
        if (raw.Length > limits.MaxNameBytes) Fail(MetadataLimits.TooLong(what, raw.Length, limits.MaxNameBytes));
        if (cursor.Error is not null) return null;
        var plain = new byte[raw.Length];
        return Encoding.UTF8.GetString(plain, 0, JsonCursor.Unescape(cursor.Raw(raw), plain));
    }

    private bool IsNull() => cursor.Error is null && cursor.Peek() == JsonKind.Null && cursor.Skip(1);

    private bool Has(object? value, string what)
    {
        if (value is null && cursor.Error is null) Fail(MetadataLimits.Missing(what));
        return value is not null && cursor.Error is null;
    }

    private void Fail(ProtocolError error) => cursor.Fail(error.Code, error.Message);
}
