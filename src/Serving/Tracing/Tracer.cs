using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Serving.Tracing;

/// <summary>
/// Decides which requests leave a trace and keeps those until they are exported, at most <see cref="Room"/>; more are dropped and counted.
/// Allocates nothing per request. Thread-safe.
/// </summary>
internal sealed class Tracer(double sampleRatio, Random chance, TimeProvider time)
{
    public const int Room = 1024;

    private const byte SampledFlag = 1;

    private readonly TraceIds _ids = new(chance);
    private readonly Lock _gate = new();
    private readonly SampledRequest[] _ring = new SampledRequest[Room];
    private int _first, _count;
    private long _dropped;

    /// <summary>Ids for the spans of what it kept.</summary>
    public TraceIds Ids => _ids;

    /// <summary>Requests that found no room.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Keeps a request where its sender sampled it or, without a sender's trace, where chance does.</summary>
    /// <param name="parent">The sender's span, whose flag decides; null for a trace of its own.</param>
    /// <param name="request">The request, once it is answered.</param>
    public void Record(in TraceParent? parent, in TracedRequest request)
    {
        if (!Begin(parent, out var span)) return;
        var sampled = new SampledRequest(span, parent?.SpanId ?? 0, time.GetUtcNow() - request.Answered, request);
        lock (_gate)
        {
            if (_count < Room)
            {
                _ring[(_first + _count++) % Room] = sampled;
                return;
            }
        }
        Interlocked.Increment(ref _dropped);
    }

    /// <summary>Takes the oldest that wait.</summary>
    /// <returns>How many there are.</returns>
    public int Take(Span<SampledRequest> batch)
    {
        lock (_gate)
        {
            int taken = Math.Min(batch.Length, _count);
            for (int i = 0; i < taken; i++) batch[i] = _ring[(_first + i) % Room];
            (_first, _count) = ((_first + taken) % Room, _count - taken);
            return taken;
        }
    }

    private bool Begin(in TraceParent? parent, out TraceParent span)
    {
        span = default;
        if (parent is { } sender)
        {
            if ((sender.Flags & SampledFlag) == 0) return false;
            span = sender with { SpanId = _ids.Next() };
            return true;
        }
        // The first id is as good a die as any: 53 bits of it are a number from 0 to 1.
        ulong high = _ids.Next();
        if ((high >> 11) * (1.0 / (1UL << 53)) >= sampleRatio) return false;
        span = new TraceParent(high, _ids.Next(), _ids.Next(), SampledFlag);
        return true;
    }
}
