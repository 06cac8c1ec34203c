using EdgeRuntime.Inference;

namespace EdgeRuntime.Serving.Lanes;

/// <summary>
/// A model and the server made for it, with the number of those who use them. Born with one reference, its lane's; the worker takes one for each
/// turn. Freed when the last goes, so that neither a swap frees them under a run nor an idle worker keeps them. Thread-safe.
/// </summary>
/// <param name="model">What answers.</param>
/// <param name="server">Used by one thread at a time; null for a lane that nobody takes from.</param>
internal sealed class SharedServer(ServedModel model, ModelServer? server)
{
    private readonly ReferenceCount _references = new();

    public ServedModel Model { get; } = model;

    public ModelServer Server => server ?? throw new InvalidOperationException("this lane has no server");

    public bool Is(ModelServer other) => ReferenceEquals(server, other);

    /// <summary>Whether its model's inputs and outputs have rows.</summary>
    public bool IsBatchable => server?.IsBatchable ?? false;

    /// <summary>False where it is freed already.</summary>
    public bool TryEnter() => _references.TryAcquire();

    public void Leave()
    {
        if (!_references.Release()) return;
        server?.Dispose();
        Model.Dispose();
    }

    /// <summary>For a run that never ended: its buffers stay with it, and its session is freed should it end after all.</summary>
    public void Abandon() => Model.Dispose();
}
