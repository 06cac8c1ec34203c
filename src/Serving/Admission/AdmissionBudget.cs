using EdgeRuntime.Bundles;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.Serving.Lanes;

namespace EdgeRuntime.Serving.Admission;

/// <summary>What all admitted requests together may take: bytes, and places per client. Thread-safe.</summary>
internal sealed class AdmissionBudget(LimitSettings limits)
{
    private const int KeptRequests = 256;

    private readonly Lock _gate = new();
    private readonly ClientQuota _quota = new(limits.PerClient);
    private readonly Stack<PendingRequest> _idle = new(KeptRequests);
    private long _bytes;

    /// <summary>Requests that were admitted and have not ended.</summary>
    public int Active { get; private set; }

    /// <summary>A request with its places taken, or the refusal.</summary>
    public Outcome TryEnter(ReadOnlySpan<char> client, int bytes, out PendingRequest? request, out ClientQuota.Client? place)
    {
        (request, place) = (null, null);
        lock (_gate)
        {
            if (_bytes + bytes > limits.QueueBytes.Bytes)
                return Full(RefusalReason.Memory, $"a request of {new ByteCount(bytes)} beside {new ByteCount(_bytes)} that wait is over the limit of {limits.QueueBytes} (limits.queueBytes)");
            place = _quota.TryEnter(client);
            if (place is null) return Full(RefusalReason.Quota, $"client '{client}' has {_quota.PerClient} requests waiting, which is the limit (limits.perClient)");
            _bytes += bytes;
            Active++;
            if (!_idle.TryPop(out request)) request = new PendingRequest(this);
            return Outcome.Ok;
        }
    }

    public void Release(PendingRequest request, ClientQuota.Client client, int bytes)
    {
        lock (_gate)
        {
            client.Active--;
            _bytes -= bytes;
            Active--;
            if (_idle.Count < KeptRequests) _idle.Push(request);
        }
    }

    private static Outcome Full(RefusalReason reason, string error) => new(reason, error, RetryAfter);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(100);
}
