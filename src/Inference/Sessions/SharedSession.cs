using Microsoft.ML.OnnxRuntime;

namespace EdgeRuntime.Inference.Sessions;

/// <summary>
/// A session and the number of those who use it. Born with one reference, its owner's; freed when the last one is
/// released, so that a swap never frees it under a run. Thread-safe.
/// </summary>
internal sealed class SharedSession(InferenceSession session, SessionForm form)
{
    private readonly ReferenceCount _references = new();

    public InferenceSession Session { get; } = session;

    public SessionForm Form { get; } = form;

    /// <summary>False where the last reference is gone already.</summary>
    public bool TryAcquire() => _references.TryAcquire();

    public void Release()
    {
        if (_references.Release()) Session.Dispose();
    }
}
