namespace EdgeRuntime.Serving.Transport.Repeats;

/// <summary>The last answers, as bytes one after the other: each overwrites the oldest. Not thread-safe.</summary>
internal sealed class AnswerRing(int size)
{
    private readonly byte[] _bytes = new byte[size];
    private long _end; // bytes ever taken

    /// <summary>Room for an answer.</summary>
    /// <param name="length">At most the ring's size.</param>
    /// <param name="place">By which <see cref="TryRead"/> finds it.</param>
    public Span<byte> Take(int length, out long place)
    {
        int left = size - (int)(_end % size);
        place = length <= left ? _end : _end + left; // an answer is not broken in two
        _end = place + length;
        return _bytes.AsSpan((int)(place % size), length);
    }

    /// <summary>What was kept there; false where it has been overwritten since.</summary>
    public bool TryRead(long place, int length, out ReadOnlySpan<byte> answer)
    {
        bool isKept = _end - place <= size;
        answer = isKept ? _bytes.AsSpan((int)(place % size), length) : default;
        return isKept;
    }
}
