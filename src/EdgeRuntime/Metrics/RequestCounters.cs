using EdgeRuntime.Device.Serving;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Device.Metrics;

/// <summary>How many requests ended how and why. Counting is one atomic addition. Thread-safe.</summary>
internal sealed class RequestCounters
{
    public const int Outcomes = (int)InferenceStatus.Internal + 1;

    private readonly long[] _counts = new long[Outcomes * RefusalReasons.Count];

    public void Count(InferenceStatus outcome, RefusalReason reason) => Interlocked.Increment(ref _counts[Index(outcome, reason)]);

    public long this[InferenceStatus outcome, RefusalReason reason] => Interlocked.Read(ref _counts[Index(outcome, reason)]);

    /// <summary>All of one outcome.</summary>
    public long this[InferenceStatus outcome]
    {
        get
        {
            long count = 0;
            for (var reason = RefusalReason.None; (int)reason < RefusalReasons.Count; reason++) count += this[outcome, reason];
            return count;
        }
    }

    private static int Index(InferenceStatus outcome, RefusalReason reason) => (int)outcome * RefusalReasons.Count + (int)reason;
}
