namespace EdgeRuntime.Messaging.OpenInference;

internal readonly record struct TensorRecord(Slice Name, TensorDataType Type, Run Shape, long Elements, Slice Data, Run Parameters, bool Binary);

/// <summary>
/// The tensors of a request or a response, kept in buffers that are used again. One owner, one thread.
/// Data is row-major little-endian without padding; BYTES is a 4-byte length and the bytes, per element.
/// </summary>
public sealed class TensorSet
{
    private readonly MessageStore store;
    private TensorRecord[] records = new TensorRecord[4];

    internal TensorSet(MessageStore store) => this.store = store;

    /// <summary>How many tensors.</summary>
    public int Count { get; private set; }

    /// <summary>The tensor at an index, in the order of the message; valid until the message is changed or reset.</summary>
    public NamedTensor this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return new NamedTensor(store, records[index]);
        }
    }

    /// <summary>Index of the tensor with a UTF-8 name, or -1.</summary>
    public int IndexOf(ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < Count; i++)
            if (store.Span(records[i].Name).SequenceEqual(name)) return i;
        return -1;
    }

    /// <summary>Adds a tensor by copying. <paramref name="binary"/> asks <see cref="BinaryCodec"/> for a binary section.</summary>
    /// <exception cref="ArgumentException">The data's length is not what type and shape say, or the name is taken.</exception>
    public void Add(ReadOnlySpan<byte> name, TensorDataType type, ReadOnlySpan<long> shape, ReadOnlySpan<byte> data, bool binary = false)
    {
        if (TensorShape.Check(type, shape, data, name) is { } error) throw new ArgumentException(error.Message, nameof(data));
        data.CopyTo(AddRoom(name, type, shape, data.Length, binary));
    }

    /// <summary>Adds a tensor of a fixed-size type and returns the room of its data, to be filled before anything else is added.</summary>
    /// <exception cref="ArgumentException">BYTES, whose size the shape does not tell; a shape without a size; a name that is taken.</exception>
    public Span<byte> Add(ReadOnlySpan<byte> name, TensorDataType type, ReadOnlySpan<long> shape, bool binary = false)
    {
        if (type.ElementSize() == 0) throw new ArgumentException($"tensor {ProtocolError.Quote(name)} of type {type} has no size by its shape", nameof(type));
        if (!TensorShape.TryCount(shape, out var count) || count > Array.MaxLength / type.ElementSize())
            throw new ArgumentException($"tensor {ProtocolError.Quote(name)} has a shape beyond {Array.MaxLength} bytes", nameof(shape));
        return AddRoom(name, type, shape, (int)count * type.ElementSize(), binary);
    }

    internal void Add(in TensorRecord record)
    {
        if (Count == records.Length) Array.Resize(ref records, Count * 2);
        records[Count++] = record;
    }

    internal void SetData(int index, Slice data) => records[index] = records[index] with { Data = data };

    internal void SetSection(int index, Slice data) => records[index] = records[index] with { Data = data, Binary = true };

    internal ref readonly TensorRecord Record(int index) => ref records[index];

    internal void Clear() => Count = 0;

    private Span<byte> AddRoom(ReadOnlySpan<byte> name, TensorDataType type, ReadOnlySpan<long> shape, int length, bool binary)
    {
        if (IndexOf(name) >= 0) throw new ArgumentException($"a tensor {ProtocolError.Quote(name)} is there already", nameof(name));
        _ = TensorShape.TryCount(shape, out var count);
        store.Data.Align();
        var data = new Slice(SliceSource.Data, store.Data.Length, length);
        Add(new TensorRecord(store.AddText(name), type, store.AddDimensions(shape), count, data, default, binary));
        return store.Data.Reserve(length);
    }
}
