using Microsoft.ML.OnnxRuntime;

namespace EdgeRuntime.Inference.Sessions;

/// <summary>
/// A session and the number of those who use it. Born with one reference, its owner's; freed when the last one is
/// released, so that a swap never frees it under a run. Thread-safe.
/// </summary>
internal sealed class SharedSession(InferenceSession session, SessionForm form)
{
    private int _references = 1;

    public InferenceSession Session { get; } = session;

    public SessionForm Form { get; } = form;

    /// <summary>False where the last reference is gone already.</summary>
    public bool TryAcquire()
    {
        for (int seen = Volatile.Read(ref _references); seen > 0;)
        {
            int found = Interlocked.CompareExchange(ref _references, seen + 1, seen);
            if (found == seen) return true;
            seen = found;
        }
        return false;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0) Session.Dispose();
    }
}
