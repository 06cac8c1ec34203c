using System.Text;

namespace EdgeRuntime.Serving.Http;

/// <summary>UTF-8 that seldom changes, kept as text: nothing is allocated while it stays the same.</summary>
internal struct Utf8Text
{
    private byte[]? _bytes;

    public string Text { get; private set; }

    public void Set(ReadOnlySpan<byte> utf8)
    {
        if (_bytes is not null && utf8.SequenceEqual(_bytes)) return;
        (_bytes, Text) = (utf8.ToArray(), Encoding.UTF8.GetString(utf8));
    }
}
