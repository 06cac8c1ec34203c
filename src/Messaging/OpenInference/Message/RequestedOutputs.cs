namespace EdgeRuntime.Messaging.OpenInference;

internal readonly record struct OutputRecord(Slice Name, bool? Binary, int Classification, Run Parameters);

/// <summary>One output that a request asks for; valid as long as the request is.</summary>
public readonly ref struct RequestedOutput
{
    private readonly MessageStore store;
    private readonly Run parameters;

    internal RequestedOutput(MessageStore store, in OutputRecord record)
    {
        this.store = store;
        parameters = record.Parameters;
        Name = store.Span(record.Name);
        BinaryData = record.Binary;
        Classification = record.Classification;
    }

    /// <summary>Its name, UTF-8.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>Parameter <c>binary_data</c>, null where it is not given.</summary>
    public bool? BinaryData { get; }

    /// <summary>Parameter <c>classification</c>: how many of the best classes are wanted; 0 where it is not given.</summary>
    public int Classification { get; }

    /// <summary>All its parameters.</summary>
    public ParameterList Parameters => new(store, parameters);
}

/// <summary>The outputs that a request asks for; empty means all.</summary>
public sealed class RequestedOutputs
{
    private readonly MessageStore store;
    private OutputRecord[] records = new OutputRecord[4];

    internal RequestedOutputs(MessageStore store) => this.store = store;

    /// <summary>How many are named.</summary>
    public int Count { get; private set; }

    /// <summary>The output at an index, in the order of the request.</summary>
    public RequestedOutput this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return new RequestedOutput(store, records[index]);
        }
    }

    /// <summary>Index of the output with a UTF-8 name, or -1.</summary>
    public int IndexOf(ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < Count; i++)
            if (store.Span(records[i].Name).SequenceEqual(name)) return i;
        return -1;
    }

    /// <summary>Asks for an output.</summary>
    /// <exception cref="ArgumentException">It is asked for already.</exception>
    public void Add(ReadOnlySpan<byte> name, bool? binaryData = null, int classification = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(classification);
        if (IndexOf(name) >= 0) throw new ArgumentException($"output {ProtocolError.Quote(name)} is asked for already", nameof(name));
        Add(new OutputRecord(store.AddText(name), binaryData, classification, default));
    }

    internal void Add(in OutputRecord record)
    {
        if (Count == records.Length) Array.Resize(ref records, Count * 2);
        records[Count++] = record;
    }

    internal void Clear() => Count = 0;
}
