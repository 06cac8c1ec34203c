using EdgeRuntime.Inference;

namespace EdgeRuntime.Serving.Lanes;

/// <summary>
/// An open variant with the number of those who use it. Born with one reference, its rung's; the worker takes one for each turn. Freed when the last
/// goes, so that closing a rung takes nothing from under a run. Thread-safe.
/// </summary>
internal sealed class SharedVariant(ServedVariant variant)
{
    private readonly ReferenceCount _references = new();

    public ServedVariant Variant { get; } = variant;

    /// <summary>False where it is freed already.</summary>
    public bool TryEnter() => _references.TryAcquire();

    public void Leave()
    {
        if (_references.Release()) Variant.Dispose();
    }

    /// <summary>Frees it whoever uses it: runs under way end first.</summary>
    public void Abandon() => Variant.Dispose();
}
