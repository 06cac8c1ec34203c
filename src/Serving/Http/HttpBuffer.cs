using System.Buffers;

namespace EdgeRuntime.Serving.Http;

/// <summary>
/// The bytes of one body or answer: rented as they come, within a budget, and given back at <see cref="Release"/>. Empty between requests, so
/// that an idle connection holds nothing. One thread at a time.
/// </summary>
internal sealed class HttpBuffer(ByteBudget budget)
{
    private const int Least = 4 << 10, LargestPooled = 1 << 20;

    private byte[] _bytes = [];
    private int _charged;

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    /// <summary>Appends; false, with nothing changed, where the budget has no room.</summary>
    /// <param name="data">What is appended.</param>
    /// <param name="expected">How long the whole will be, where that is known: it is not taken at once, only not exceeded by growing.</param>
    public bool TryAppend(ReadOnlySpan<byte> data, long? expected = null)
    {
        int needed = checked(Length + data.Length);
        if (needed > _bytes.Length && !TryGrow(needed, expected)) return false;
        data.CopyTo(_bytes.AsSpan(Length));
        Length = needed;
        return true;
    }

    /// <summary>Gives the budget back while the bytes stay: from now on they are counted elsewhere.</summary>
    public void HandOver()
    {
        budget.Give(_charged);
        _charged = 0;
    }

    public void Release()
    {
        HandOver();
        Free(_bytes);
        (_bytes, Length) = ([], 0);
    }

    // Twice as much each time: a sender gets memory for what it sent, not for what it announced.
    private bool TryGrow(int needed, long? expected)
    {
        long wanted = Math.Max(needed, Math.Max(Least, 2L * _bytes.Length));
        if (expected is { } whole && whole >= needed) wanted = Math.Min(wanted, whole);
        var grown = Rent((int)Math.Min(wanted, Array.MaxLength));
        if (!budget.TryTake(grown.Length - _charged))
        {
            Free(grown);
            return false;
        }
        _charged = grown.Length;
        Written.Span.CopyTo(grown);
        Free(_bytes);
        _bytes = grown;
        return true;
    }

    // The pool keeps what it is given: large ones go to the collector instead.
    private static byte[] Rent(int size) => size <= LargestPooled ? ArrayPool<byte>.Shared.Rent(size) : GC.AllocateUninitializedArray<byte>(size);

    private static void Free(byte[] bytes)
    {
        if (bytes.Length is > 0 and <= LargestPooled) ArrayPool<byte>.Shared.Return(bytes);
    }
}
