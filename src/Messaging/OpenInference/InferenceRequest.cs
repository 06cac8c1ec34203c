namespace EdgeRuntime.Messaging.OpenInference;

/// <summary>
/// One inference request, read by a codec or built to be written by one; reused by <see cref="Reset"/>, after which it allocates
/// nothing for a message no larger than those before. One owner, one thread. What was read refers to the payload:
/// keep the payload until the request is reset.
/// </summary>
public sealed class InferenceRequest
{
    private readonly MessageStore store = new();
    private Slice id;
    private Run parameters;

    /// <summary>An empty request.</summary>
    public InferenceRequest()
    {
        Inputs = new TensorSet(store);
        Outputs = new RequestedOutputs(store);
    }

    /// <summary>The id that the answer repeats, UTF-8; empty where there is none.</summary>
    public ReadOnlySpan<byte> Id => store.Span(id);

    /// <summary>Parameters of the request, those of the protocol included.</summary>
    public ParameterList Parameters => new(store, parameters);

    /// <summary>The input tensors; none for an image.</summary>
    public TensorSet Inputs { get; }

    /// <summary>The outputs asked for; none means all.</summary>
    public RequestedOutputs Outputs { get; }

    /// <summary>Parameter <c>binary_data_output</c>: outputs that do not say otherwise come back in binary sections.</summary>
    public bool BinaryDataOutput { get; set; }

    /// <summary>The encoded image, whole; empty for a tensor request.</summary>
    public ReadOnlyMemory<byte> Image { get; internal set; }

    /// <summary>Whether the request is one encoded image.</summary>
    public bool IsImage => !Image.IsEmpty;

    /// <summary>Whether an output goes out in a binary section: as it asks, else as the request does, within what is accepted.</summary>
    /// <param name="output">UTF-8 name of the output.</param>
    /// <param name="accept">The request's property <c>accept</c>: JSON rules sections out, octet-stream makes them the rule.</param>
    public bool WantsBinary(ReadOnlySpan<byte> output, PayloadFormat? accept = null)
    {
        if (accept == PayloadFormat.Json) return false;
        var index = Outputs.IndexOf(output);
        return (index < 0 ? null : Outputs[index].BinaryData) ?? (BinaryDataOutput || accept == PayloadFormat.Binary);
    }

    /// <summary>Sets the id.</summary>
    public void SetId(ReadOnlySpan<byte> value) => id = store.AddText(value);

    /// <summary>Adds a parameter; all of them before the first tensor's or output's own.</summary>
    /// <exception cref="InvalidOperationException">The name is taken, or parameters of something else were added since.</exception>
    public void AddParameter(ReadOnlySpan<byte> name, bool value) => parameters = store.Append(parameters, name, ParameterKind.Boolean, value ? 1 : 0, default);

    /// <inheritdoc cref="AddParameter(ReadOnlySpan{byte}, bool)"/>
    public void AddParameter(ReadOnlySpan<byte> name, long value) => parameters = store.Append(parameters, name, ParameterKind.Integer, value, default);

    /// <inheritdoc cref="AddParameter(ReadOnlySpan{byte}, bool)"/>
    public void AddParameter(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => parameters = store.Append(parameters, name, ParameterKind.Text, 0, value);

    /// <summary>Empties the request and lets go of the payload; buffers are kept.</summary>
    public void Reset()
    {
        store.Clear();
        Inputs.Clear();
        Outputs.Clear();
        id = default;
        parameters = default;
        BinaryDataOutput = false;
        Image = default;
    }

    internal MessageStore Store => store;

    internal void SetId(Slice value) => id = value;

    internal void SetParameters(Run run) => parameters = run;
}
