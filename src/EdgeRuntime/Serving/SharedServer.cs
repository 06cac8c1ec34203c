namespace EdgeRuntime.Device.Serving;

/// <summary>
/// A model and the server made for it, with the number of those who use them. Born with one reference, its lane's; the worker takes one for each
/// turn. Freed when the last goes, so that neither a swap frees them under a run nor an idle worker keeps them. Thread-safe.
/// </summary>
/// <param name="model">What answers.</param>
/// <param name="server">Used by one thread at a time; null for a lane that nobody takes from.</param>
internal sealed class SharedServer(ServedModel model, ModelServer? server)
{
    private int _references = 1;

    public ServedModel Model { get; } = model;

    public ModelServer Server => server ?? throw new InvalidOperationException("this lane has no server");

    /// <summary>False where it is freed already.</summary>
    public bool TryEnter()
    {
        for (int seen = Volatile.Read(ref _references); seen > 0;)
        {
            int found = Interlocked.CompareExchange(ref _references, seen + 1, seen);
            if (found == seen) return true;
            seen = found;
        }
        return false;
    }

    public void Leave()
    {
        if (Interlocked.Decrement(ref _references) > 0) return;
        server?.Dispose();
        Model.Dispose();
    }

    /// <summary>For a run that never ended: its buffers stay with it, and its session is freed should it end after all.</summary>
    public void Abandon() => Model.Dispose();
}
