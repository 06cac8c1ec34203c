namespace EdgeRuntime.Inference;

/// <summary>How many use a thing that is freed when the last one goes. Born with one, its owner's. Thread-safe.</summary>
public sealed class ReferenceCount
{
    private int _count = 1;

    /// <summary>One more; false where the last is gone already.</summary>
    public bool TryAcquire()
    {
        for (int seen = Volatile.Read(ref _count); seen > 0;)
        {
            int found = Interlocked.CompareExchange(ref _count, seen + 1, seen);
            if (found == seen) return true;
            seen = found;
        }
        return false;
    }

    /// <summary>One less; true for the last, who frees the thing.</summary>
    public bool Release() => Interlocked.Decrement(ref _count) == 0;
}
