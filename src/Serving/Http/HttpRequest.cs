using System.Threading.Tasks.Sources;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Lanes;
using EdgeRuntime.Serving.Responses;
using EdgeRuntime.Serving.Transport;

namespace EdgeRuntime.Serving.Http;

/// <summary>
/// A request that came over HTTP. Whoever answers it copies the answer here and goes on: sockets are the connection's business, which waits in
/// <see cref="EndAsync"/>. One for each connection, used again for its next request.
/// </summary>
internal sealed class HttpRequest : IncomingRequest, IValueTaskSource
{
    private readonly byte[] _client;
    private readonly byte[] _correlation = new byte[2 * sizeof(long)];
    private readonly Responder _responder;
    private readonly HttpBuffer _answer;
    private ManualResetValueTaskSourceCore<bool> _ended = new() { RunContinuationsAsynchronously = true };
    private Utf8Text _variant, _version;
    private PayloadFormat _format;
    private long _received, _number;
    private int _ending;

    /// <param name="client">Who is at the other end, an identifier.</param>
    /// <param name="connection">The connection's number, by which its requests differ from those of the client's other connections.</param>
    /// <param name="budget">Where its bytes are counted until it is admitted, and while its answer is sent.</param>
    /// <param name="counters">Where refusals are counted.</param>
    public HttpRequest(string client, long connection, ByteBudget budget, ResponseCounters counters)
    {
        _client = System.Text.Encoding.ASCII.GetBytes(client);
        (Body, _answer) = (new HttpBuffer(budget), new HttpBuffer(budget));
        _responder = new Responder(counters);
        BitConverter.TryWriteBytes(_correlation, connection);
    }

    /// <summary>Filled while the body is read.</summary>
    public HttpBuffer Body { get; }

    public override ReadOnlyMemory<byte> Payload => Body.Written;
    public override int PayloadLength => Body.Length;
    public override ReadOnlySpan<byte> ContentType => _format.ContentType();
    public override ReadOnlySpan<byte> Client => _client;
    public override ReadOnlySpan<byte> Correlation => _correlation;
    public override long ReceivedTimestamp => _received;

    /// <summary>What was answered; valid once <see cref="EndAsync"/> has ended, as all that follows.</summary>
    public Outcome Outcome { get; private set; }
    public ReadOnlyMemory<byte> Answer => _answer.Written;
    public PayloadFormat AnswerFormat { get; private set; }
    public int HeaderLength { get; private set; }
    /// <summary>Whether it was admitted, so that the members below say something.</summary>
    public bool IsOffloaded { get; private set; }
    public bool WasAdmitted { get; private set; }
    public string Variant => _variant.Text;
    public bool IsDegraded { get; private set; }
    public string ModelVersion => _version.Text;
    public TimeSpan Queue { get; private set; }
    public TimeSpan Compute { get; private set; }

    /// <summary>Starts over; the body is read next.</summary>
    public void Begin(PayloadFormat format)
    {
        (_format, _ending, WasAdmitted) = (format, 0, false);
        Outcome = new Outcome(RefusalReason.Failed, "the request was given up without an answer");
        BitConverter.TryWriteBytes(_correlation.AsSpan(sizeof(long)), ++_number);
        _ended.Reset();
    }

    /// <summary>The body is complete; its bytes are counted by admission from now on.</summary>
    public void Complete(long timestamp)
    {
        _received = timestamp;
        Body.HandOver();
    }

    /// <summary>Answers and ends what was not admitted.</summary>
    public void Refuse(in Outcome outcome)
    {
        _responder.Refuse(this, outcome);
        Dispose();
    }

    public override Outcome Send(in Answer answer)
    {
        (Outcome, AnswerFormat, HeaderLength) = (answer.Outcome, answer.Format, answer.HeaderLength);
        if (!_answer.TryAppend(answer.Payload, answer.Payload.Length))
            Outcome = new Outcome(RefusalReason.Memory, $"an answer of {answer.Payload.Length} bytes found no room beside those that are being sent");
        WasAdmitted = answer.Tale.IsAdmitted;
        if (!WasAdmitted) return Outcome;
        _variant.Set(answer.Tale.Variant);
        IsDegraded = answer.Tale.IsDegraded;
        _version.Set(answer.Tale.ModelVersion);
        (Queue, Compute, IsOffloaded) = (answer.Tale.Queue, answer.Tale.Compute, answer.Tale.IsOffloaded);
        return Outcome;
    }

    /// <summary>Ends it for whoever answered it: from here on it is the connection's again.</summary>
    public override void Dispose()
    {
        if (Interlocked.Exchange(ref _ending, 1) != 0) return;
        Body.Release();
        _ended.SetResult(true);
    }

    /// <summary>Ends when the request is answered and disposed; awaited once.</summary>
    public ValueTask EndAsync() => new(this, _ended.Version);

    /// <summary>Frees the answer, once it was sent or nobody wants it.</summary>
    public void Forget() => _answer.Release();

    void IValueTaskSource.GetResult(short token) => _ended.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _ended.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _ended.OnCompleted(continuation, state, token, flags);
}
