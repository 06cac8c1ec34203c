namespace EdgeRuntime.Messaging.OpenInference;

// Where a piece of a message lies: in the payload that was read, or in a buffer that the message owns.
internal enum SliceSource : byte { None, Payload, Text, Data }

internal readonly record struct Slice(SliceSource Source, int Offset, int Length)
{
    public static Slice InPayload(int offset, int length) => new(SliceSource.Payload, offset, length);
}

internal readonly record struct Run(int Offset, int Count);

internal readonly record struct ParameterRecord(Slice Name, ParameterKind Kind, long Bits, Slice Text);

// Everything of a message in a few arrays that are kept from message to message.
internal sealed class MessageStore
{
    private long[] dimensions = new long[16];
    private int dimensionCount;
    private ParameterRecord[] parameters = new ParameterRecord[8];
    private int parameterCount;

    public ReadOnlyMemory<byte> Payload { get; set; }

    public PayloadBuffer Text { get; } = new();

    public PayloadBuffer Data { get; } = new();

    public int ParameterCount => parameterCount;

    public int DimensionCount => dimensionCount;

    public ref readonly ParameterRecord Parameter(int index) => ref parameters[index];

    public ReadOnlySpan<long> Dimensions(Run run) => dimensions.AsSpan(run.Offset, run.Count);

    public ReadOnlySpan<byte> Span(Slice slice) => slice.Source switch
    {
        SliceSource.Payload => Payload.Span.Slice(slice.Offset, slice.Length),
        SliceSource.Text => Text.Range(slice.Offset, slice.Length),
        SliceSource.Data => Data.Range(slice.Offset, slice.Length),
        _ => default,
    };

    public Slice AddText(ReadOnlySpan<byte> text)
    {
        var offset = Text.Length;
        Text.Write(text);
        return new Slice(SliceSource.Text, offset, text.Length);
    }

    public void AddDimension(long dimension)
    {
        if (dimensionCount == dimensions.Length) Array.Resize(ref dimensions, dimensionCount * 2);
        dimensions[dimensionCount++] = dimension;
    }

    public Run AddDimensions(ReadOnlySpan<long> shape)
    {
        foreach (var dimension in shape) AddDimension(dimension);
        return new Run(dimensionCount - shape.Length, shape.Length);
    }

    public void AddParameter(in ParameterRecord parameter)
    {
        if (parameterCount == parameters.Length) Array.Resize(ref parameters, parameterCount * 2);
        parameters[parameterCount++] = parameter;
    }

    // Adds a parameter to a list that must be the last one: lists are runs of one array.
    public Run Append(Run run, ReadOnlySpan<byte> name, ParameterKind kind, long bits, ReadOnlySpan<byte> text)
    {
        if (run.Count > 0 && run.Offset + run.Count != parameterCount) throw new InvalidOperationException("parameters of something else were added since");
        if (new ParameterList(this, run).TryGet(name, out _)) throw new InvalidOperationException($"parameter {ProtocolError.Quote(name)} is there already");
        AddParameter(new ParameterRecord(AddText(name), kind, bits, kind == ParameterKind.Text ? AddText(text) : default));
        return new Run(parameterCount - run.Count - 1, run.Count + 1);
    }

    public void Clear()
    {
        Payload = default;
        Text.Clear();
        Data.Clear();
        dimensionCount = 0;
        parameterCount = 0;
    }
}
