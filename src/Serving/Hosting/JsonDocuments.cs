using System.Buffers;
using System.Text.Json;

namespace EdgeRuntime.Serving.Hosting;

/// <summary>Small documents, written whole.</summary>
internal static class JsonDocuments
{
    public static ReadOnlyMemory<byte> Object(Action<Utf8JsonWriter> members) => Write(json =>
    {
        json.WriteStartObject();
        members(json);
        json.WriteEndObject();
    });

    public static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> content)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer)) content(json);
        return buffer.WrittenMemory;
    }
}
