using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Lanes;

namespace EdgeRuntime.Serving.Metrics;

/// <summary>How many requests ended why, and so how. Counting is one atomic addition. Thread-safe.</summary>
internal sealed class RequestCounters
{
    public const int Outcomes = (int)InferenceStatus.Internal + 1;

    private readonly long[] _counts = new long[RefusalReasons.Count];

    public void Count(RefusalReason reason) => Interlocked.Increment(ref _counts[(int)reason]);

    public long this[RefusalReason reason] => Interlocked.Read(ref _counts[(int)reason]);

    /// <summary>All of one outcome.</summary>
    public long this[InferenceStatus outcome]
    {
        get
        {
            long count = 0;
            for (var reason = RefusalReason.None; (int)reason < RefusalReasons.Count; reason++)
                if (reason.Status() == outcome) count += this[reason];
            return count;
        }
    }
}
