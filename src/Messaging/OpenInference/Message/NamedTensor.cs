namespace EdgeRuntime.Messaging.OpenInference;

/// <summary>A view of one tensor of a message; valid until the message is changed or reset, or its payload is given back.</summary>
public readonly ref struct NamedTensor
{
    private readonly MessageStore store;
    private readonly Run parameters;

    internal NamedTensor(MessageStore store, in TensorRecord record)
    {
        this.store = store;
        parameters = record.Parameters;
        Name = store.Span(record.Name);
        DataType = record.Type;
        Shape = store.Dimensions(record.Shape);
        ElementCount = record.Elements;
        Data = store.Span(record.Data);
        IsBinary = record.Binary;
    }

    /// <summary>Its name, UTF-8.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>Type of its elements.</summary>
    public TensorDataType DataType { get; }

    /// <summary>Its dimensions; none for a scalar.</summary>
    public ReadOnlySpan<long> Shape { get; }

    /// <summary>Product of the dimensions.</summary>
    public long ElementCount { get; }

    /// <summary>Row-major, little-endian, not necessarily aligned; BYTES as length-prefixed elements (<see cref="BytesElements"/>).</summary>
    public ReadOnlySpan<byte> Data { get; }

    /// <summary>Whether its data came in, or goes out in, a binary section.</summary>
    public bool IsBinary { get; }

    /// <summary>Its parameters, <c>binary_data_size</c> included where it was read.</summary>
    public ParameterList Parameters => new(store, parameters);
}
