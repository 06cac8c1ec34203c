using System.Buffers.Text;
using System.Text;

namespace EdgeRuntime.Messaging;

/// <summary>
/// A reusable list of user properties (name and value, UTF-8). Keeps its memory over <see cref="Clear"/>, so that filling it again allocates nothing.
/// Not thread safe.
/// </summary>
public sealed class MqttUserProperties
{
    private byte[] _bytes = new byte[256];
    private (int Name, int Value, int End)[] _entries = new (int, int, int)[8];
    private int _used;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes that they take in a packet: an identifier and two length-prefixed strings each.</summary>
    internal int PacketBytes => _used + Count * 5;

    /// <summary>Removes all.</summary>
    public void Clear() => (_used, Count) = (0, 0);

    /// <summary>Appends one, as UTF-8.</summary>
    /// <exception cref="ArgumentException">Name or value is longer than 65535 bytes.</exception>
    public MqttUserProperties Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        RequireLength(name.Length);
        RequireLength(value.Length);
        Reserve(name.Length + value.Length);
        name.CopyTo(_bytes.AsSpan(_used));
        value.CopyTo(_bytes.AsSpan(_used + name.Length));
        Commit(name.Length, value.Length);
        return this;
    }

    /// <summary>Appends one, as text.</summary>
    /// <exception cref="ArgumentException">Name or value is longer than 65535 bytes as UTF-8.</exception>
    public MqttUserProperties Add(string name, string value)
    {
        var nameBytes = Encoding.UTF8.GetByteCount(name);
        var valueBytes = Encoding.UTF8.GetByteCount(value);
        RequireLength(nameBytes);
        RequireLength(valueBytes);
        Reserve(nameBytes + valueBytes);
        Encoding.UTF8.GetBytes(name, _bytes.AsSpan(_used));
        Encoding.UTF8.GetBytes(value, _bytes.AsSpan(_used + nameBytes));
        Commit(nameBytes, valueBytes);
        return this;
    }

    /// <summary>Appends a number in decimal digits.</summary>
    public MqttUserProperties Add(ReadOnlySpan<byte> name, long value)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(value, digits, out var written);
        return Add(name, digits[..written]);
    }

    /// <summary>The name of the <paramref name="index"/>-th.</summary>
    public ReadOnlySpan<byte> Name(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        var entry = _entries[index];
        return _bytes.AsSpan(entry.Name, entry.Value - entry.Name);
    }

    /// <summary>The value of the <paramref name="index"/>-th.</summary>
    public ReadOnlySpan<byte> Value(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        var entry = _entries[index];
        return _bytes.AsSpan(entry.Value, entry.End - entry.Value);
    }

    private void Commit(int nameBytes, int valueBytes)
    {
        _entries[Count++] = (_used, _used + nameBytes, _used + nameBytes + valueBytes);
        _used += nameBytes + valueBytes;
    }

    private void Reserve(int bytes)
    {
        if (_used + bytes > _bytes.Length) Array.Resize(ref _bytes, Math.Max(_used + bytes, _bytes.Length * 2));
        if (Count == _entries.Length) Array.Resize(ref _entries, Count * 2);
    }

    private static void RequireLength(int bytes)
    {
        if (bytes > ushort.MaxValue) throw new ArgumentException($"user property has a part of {bytes} bytes, over the limit of {ushort.MaxValue} bytes");
    }
}
