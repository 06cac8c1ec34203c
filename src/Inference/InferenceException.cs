namespace EdgeRuntime.Inference;

/// <summary>What kept a model from answering; callers map it to a status.</summary>
public enum InferenceError
{
    /// <summary>The model, its metadata or a file beside it is broken or not what the manifest says.</summary>
    ModelInvalid,

    /// <summary>The model needs more memory than it may have.</summary>
    OverBudget,

    /// <summary>No execution provider that the options allow is there.</summary>
    ProviderUnavailable,

    /// <summary>An input's shape or its number of bytes is not what the model takes.</summary>
    ShapeMismatch,

    /// <summary>An input's element type is not what the model takes, or is not served.</summary>
    TypeMismatch,

    /// <summary>An encoded image is broken, of another format, or states more pixels than the limit.</summary>
    ImageRefused,

    /// <summary>The run failed inside the model.</summary>
    ExecutionFailed,

    /// <summary>The model's answer to a golden vector is not the one recorded in the bundle.</summary>
    GoldenMismatch,
}

/// <summary>A broken model or a broken input. The message names the thing, its value and the limit.</summary>
public sealed class InferenceException : Exception
{
    public InferenceException(InferenceError error, string message, Exception? inner = null)
        : base(message, inner) => Error = error;

    /// <summary>The kind of failure.</summary>
    public InferenceError Error { get; }
}
