using System.Buffers.Binary;

namespace EdgeRuntime.Messaging.OpenInference;

/// <summary>Walks and builds BYTES data: per element a 4-byte little-endian length and the bytes. Allocates nothing.</summary>
public ref struct BytesElements(ReadOnlySpan<byte> data)
{
    private ReadOnlySpan<byte> rest = data;

    /// <summary>The element that <see cref="MoveNext"/> reached.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>Whether bytes are left that are no whole element.</summary>
    public readonly bool IsBroken => rest.Length > 0;

    /// <summary>For <c>foreach</c>.</summary>
    public readonly BytesElements GetEnumerator() => this;

    /// <summary>The next element; false at the end or where the data is broken off (<see cref="IsBroken"/>).</summary>
    public bool MoveNext()
    {
        if (rest.Length < sizeof(uint)) return false;
        var length = BinaryPrimitives.ReadUInt32LittleEndian(rest);
        if (length > (uint)(rest.Length - sizeof(uint))) return false;
        Current = rest.Slice(sizeof(uint), (int)length);
        rest = rest[(sizeof(uint) + (int)length)..];
        return true;
    }

    /// <summary>Appends one element.</summary>
    public static void Append(PayloadBuffer to, ReadOnlySpan<byte> element)
    {
        ArgumentNullException.ThrowIfNull(to);
        BinaryPrimitives.WriteUInt32LittleEndian(to.Reserve(sizeof(uint)), (uint)element.Length);
        to.Write(element);
    }
}
