using EdgeRuntime.Serving.Responses;

namespace EdgeRuntime.Serving.Http;

/// <summary>What lasts as long as a connection: who is at the other end, and the request that its requests use one after the other.</summary>
internal sealed class HttpConnection : IDisposable
{
    private readonly TimeProvider _time;
    private CancellationTokenSource _late;

    /// <param name="client">Who is at the other end, an identifier.</param>
    /// <param name="number">Unlike that of any other connection.</param>
    /// <param name="isTrustedTransport">Whether TLS says who the client is; else the machine does, which a web page can abuse.</param>
    /// <param name="budget">Where its bytes are counted.</param>
    /// <param name="counters">Where refusals are counted.</param>
    /// <param name="time">The clock.</param>
    public HttpConnection(string client, long number, bool isTrustedTransport, ByteBudget budget, ResponseCounters counters, TimeProvider time)
    {
        (Client, IsTrustedTransport, _time) = (client, isTrustedTransport, time);
        Request = new HttpRequest(client, number, budget, counters);
        _late = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
    }

    public string Client { get; }

    public bool IsTrustedTransport { get; }

    public HttpRequest Request { get; }

    /// <summary>A token that is cancelled after a while, until the next call of this or of <see cref="InTime"/>.</summary>
    public CancellationToken LateAfter(TimeSpan wait)
    {
        InTime();
        _late.CancelAfter(wait);
        return _late.Token;
    }

    /// <summary>The wait is over.</summary>
    public void InTime()
    {
        if (_late.TryReset()) return;
        _late.Dispose();
        _late = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _time);
    }

    public void Dispose() => _late.Dispose();
}
