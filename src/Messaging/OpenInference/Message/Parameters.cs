namespace EdgeRuntime.Messaging.OpenInference;

/// <summary>Kind of a parameter's value.</summary>
public enum ParameterKind : byte
{
    /// <summary>true or false.</summary>
    Boolean,
    /// <summary>A number written without fraction or exponent that fits 64 bits.</summary>
    Integer,
    /// <summary>Any other number.</summary>
    Number,
    /// <summary>A string.</summary>
    Text,
}

/// <summary>One parameter; valid as long as its message is.</summary>
public readonly ref struct Parameter
{
    private readonly long bits;

    internal Parameter(MessageStore store, in ParameterRecord record)
    {
        Name = store.Span(record.Name);
        Kind = record.Kind;
        bits = record.Bits;
        Text = store.Span(record.Text);
    }

    /// <summary>Its name, UTF-8.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>What kind of value it has.</summary>
    public ParameterKind Kind { get; }

    /// <summary>The text, UTF-8, of a <see cref="ParameterKind.Text"/>; else empty.</summary>
    public ReadOnlySpan<byte> Text { get; }

    /// <summary>The value of a <see cref="ParameterKind.Boolean"/>; else false.</summary>
    public bool Boolean => Kind == ParameterKind.Boolean && bits != 0;

    /// <summary>The value of a <see cref="ParameterKind.Integer"/>; else 0.</summary>
    public long Integer => Kind == ParameterKind.Integer ? bits : 0;

    /// <summary>The value of an integer or number; else 0.</summary>
    public double Number => Kind switch
    {
        ParameterKind.Integer => bits,
        ParameterKind.Number => BitConverter.Int64BitsToDouble(bits),
        _ => 0,
    };
}

/// <summary>The parameters of a message, an input or an output; valid as long as the message is.</summary>
public readonly ref struct ParameterList
{
    private readonly MessageStore store;
    private readonly Run run;

    internal ParameterList(MessageStore store, Run run)
    {
        this.store = store;
        this.run = run;
    }

    /// <summary>How many.</summary>
    public int Count => run.Count;

    /// <summary>The parameter at an index, in the order of the message.</summary>
    public Parameter this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)run.Count, nameof(index));
            return new Parameter(store, store.Parameter(run.Offset + index));
        }
    }

    /// <summary>Finds a parameter by its UTF-8 name.</summary>
    public bool TryGet(ReadOnlySpan<byte> name, out Parameter parameter)
    {
        for (var i = 0; i < run.Count; i++)
        {
            parameter = this[i];
            if (parameter.Name.SequenceEqual(name)) return true;
        }
        parameter = default;
        return false;
    }
}
