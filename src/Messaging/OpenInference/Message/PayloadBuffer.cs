using System.Buffers;

namespace EdgeRuntime.Messaging.OpenInference;

/// <summary>
/// A growing byte buffer that is cleared and used again, so that writing a message allocates nothing once it is warm.
/// One owner, one thread. Memory and spans handed out are valid until the next write or <see cref="Clear"/>.
/// </summary>
public sealed class PayloadBuffer : IBufferWriter<byte>
{
    /// <summary>A buffer larger than this is let go when it is cleared: one huge message must not pin its size for ever.</summary>
    public const int RetainedBytes = 8 << 20;

    private byte[] bytes = [];
    private int written;

    /// <summary>Bytes written.</summary>
    public int Length => written;

    /// <summary>What was written.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => bytes.AsMemory(0, written);

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> WrittenSpan => bytes.AsSpan(0, written);

    /// <summary>Starts over.</summary>
    public void Clear()
    {
        written = 0;
        if (bytes.Length > RetainedBytes) bytes = [];
    }

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(bytes.Length - written), nameof(count));
        written += count;
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        EnsureRoom(Math.Max(sizeHint, 1));
        return bytes.AsSpan(written);
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureRoom(Math.Max(sizeHint, 1));
        return bytes.AsMemory(written);
    }

    /// <summary>Appends.</summary>
    public void Write(ReadOnlySpan<byte> data)
    {
        data.CopyTo(GetSpan(data.Length));
        written += data.Length;
    }

    /// <summary>Appends room to be filled by the caller; its content is undefined until then.</summary>
    public Span<byte> Reserve(int count)
    {
        EnsureRoom(count);
        written += count;
        return bytes.AsSpan(written - count, count);
    }

    internal Span<byte> Range(int offset, int count) => bytes.AsSpan(0, written).Slice(offset, count);

    internal void Truncate(int length) => written = Math.Min(written, length);

    // Numbers lie at their natural alignment, so that a span of them may be cast in place.
    internal void Align() => Reserve(-written & 7).Clear();

    private void EnsureRoom(int count)
    {
        if (bytes.Length - written >= count) return;
        var needed = checked(written + count);
        var grown = GC.AllocateUninitializedArray<byte>(Math.Max(needed, (int)Math.Min(Array.MaxLength, Math.Max(256L, bytes.Length * 2L))));
        WrittenSpan.CopyTo(grown);
        bytes = grown;
    }
}
