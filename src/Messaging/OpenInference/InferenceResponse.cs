namespace EdgeRuntime.Messaging.OpenInference;

/// <summary>
/// One inference response, built to be written by a codec or read by one; reused by <see cref="Reset"/>. One owner, one thread.
/// What was read refers to the payload: keep the payload until the response is reset.
/// </summary>
public sealed class InferenceResponse
{
    private readonly MessageStore store = new();
    private Slice modelName, modelVersion, id, error;
    private Run parameters;

    /// <summary>An empty response.</summary>
    public InferenceResponse() => Outputs = new TensorSet(store);

    /// <summary>The model that answered, UTF-8.</summary>
    public ReadOnlySpan<byte> ModelName => store.Span(modelName);

    /// <summary>Its version, UTF-8; empty where it is not told.</summary>
    public ReadOnlySpan<byte> ModelVersion => store.Span(modelVersion);

    /// <summary>The request's id, UTF-8; empty where it had none.</summary>
    public ReadOnlySpan<byte> Id => store.Span(id);

    /// <summary>The text of an error response, UTF-8; empty for an answer.</summary>
    public ReadOnlySpan<byte> Error => store.Span(error);

    /// <summary>Whether this is <c>{"error": "..."}</c>.</summary>
    public bool IsError => error.Source != SliceSource.None;

    /// <summary>Parameters of the response.</summary>
    public ParameterList Parameters => new(store, parameters);

    /// <summary>The output tensors.</summary>
    public TensorSet Outputs { get; }

    /// <summary>Starts an answer: empties the response and says which model answers which request.</summary>
    public void Start(ReadOnlySpan<byte> model, ReadOnlySpan<byte> version, ReadOnlySpan<byte> requestId)
    {
        Reset();
        modelName = store.AddText(model);
        modelVersion = version.IsEmpty ? default : store.AddText(version);
        id = requestId.IsEmpty ? default : store.AddText(requestId);
    }

    /// <summary>Adds a parameter; all of them before the first tensor's or output's own.</summary>
    /// <exception cref="InvalidOperationException">The name is taken, or parameters of something else were added since.</exception>
    public void AddParameter(ReadOnlySpan<byte> name, bool value) => parameters = store.Append(parameters, name, ParameterKind.Boolean, value ? 1 : 0, default);

    /// <inheritdoc cref="AddParameter(ReadOnlySpan{byte}, bool)"/>
    public void AddParameter(ReadOnlySpan<byte> name, long value) => parameters = store.Append(parameters, name, ParameterKind.Integer, value, default);

    /// <inheritdoc cref="AddParameter(ReadOnlySpan{byte}, bool)"/>
    public void AddParameter(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => parameters = store.Append(parameters, name, ParameterKind.Text, 0, value);

    /// <summary>Empties the response and lets go of the payload; buffers are kept.</summary>
    public void Reset()
    {
        store.Clear();
        Outputs.Clear();
        modelName = modelVersion = id = error = default;
        parameters = default;
    }

    internal MessageStore Store => store;

    internal void SetHead(Slice model, Slice version, Slice requestId, Run run)
    {
        (modelName, modelVersion, id, parameters) = (model, version, requestId, run);
    }

    internal void SetError(Slice text) => error = text;
}
