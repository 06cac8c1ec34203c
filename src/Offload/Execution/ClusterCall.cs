using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Offload.Cluster;
using EdgeRuntime.Serving.Admission;
using EdgeRuntime.Serving.Lanes;
using EdgeRuntime.Serving.Responses;

namespace EdgeRuntime.Offload.Execution;

/// <summary>
/// A request on its way to a cluster and back, with the buffers of its call; used again once neither its lease nor its call is at it. Over once: when its answer
/// is given, when it comes to nothing, or when its lease ends. What is done to its request is done under its lock; the desk's lock is taken inside of it.
/// It keeps a copy of the payload, since a fallback may answer and give the message back while the call is under way.
/// </summary>
internal sealed class ClusterCall(ClusterDesk desk, ClusterLine line) : ISending, IThreadPoolWorkItem, IDisposable
{
    private const int Large = 1 << 20;

    private readonly PayloadBuffer _payload = new();
    private readonly InferenceRequest _request = new(), _tensors = new();
    private CancellationTokenSource _giveUp = new();
    private PayloadFormat _format;
    private Outcome _unread;
    private int _holders;
    private bool _isSent;
    private volatile bool _isBack;

    public Lock Gate { get; } = new();
    public ClusterLine Line { get; } = line;
    public Responder Responder { get; } = new(desk.Counters);
    public ClusterExchange Exchange { get; } = new();
    public InferenceResponse Answer { get; } = new();
    public RequestProperties Properties { get; private set; }
    public PendingRequest Pending { get; private set; } = null!;

    /// <summary>Whether its buffers are.</summary>
    public bool IsLarge => _payload.Length > Large;

    /// <summary>Whether its lane can still answer it.</summary>
    public bool HasFallback { get; private set; }
    /// <summary>Its deadline, a timestamp of the clock.</summary>
    public long Due { get; private set; }
    /// <summary>When it was sent, and when it is later than usual; in seconds.</summary>
    public double SentAt { get; private set; }
    public double LateAt { get; private set; }
    /// <summary>Whether it tries a model that failed.</summary>
    public bool IsProbe { get; private set; }
    /// <summary>Whether it was noticed that it takes too long; under the desk's lock.</summary>
    public bool IsLate { get; set; }
    public bool IsOver { get; private set; }

    /// <summary>Whether it counts against its model's limit; under the desk's lock.</summary>
    public bool HasRoom { get; set; }

    public void Begin(PendingRequest pending, bool hasFallback, double sentAt, double lateAt, bool isProbe)
    {
        lock (Gate)
        {
            (Pending, Properties, Due, HasFallback) = (pending, pending.Properties, pending.Due, hasFallback);
            (SentAt, LateAt, IsProbe, IsLate) = (sentAt, lateAt, isProbe, false);
            (IsOver, _isSent, _isBack, _holders, _unread) = (false, false, false, 2, Outcome.Ok);
        }
    }

    /// <summary>Takes what is sent over, then sends it. False where it is over already.</summary>
    public bool TrySend()
    {
        lock (Gate)
        {
            if (IsOver) return false;
            var incoming = Pending.Incoming;
            _payload.Clear();
            if (PayloadFormats.Read(incoming.ContentType, out _format) is { } error) _unread = Outcome.Of(error);
            else _payload.Write(incoming.Payload.Span);
            _isSent = true;
        }
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return true;
    }

    public void Execute() => _ = RunAsync();

    /// <summary>True for the first who ends it; holds <see cref="Gate"/>.</summary>
    public bool TryEnd_NeedsLock()
    {
        if (IsOver) return false;
        return IsOver = true;
    }

    public void Ended()
    {
        bool wasSent;
        lock (Gate)
        {
            IsOver = true;
            wasSent = _isSent;
        }
        if (!wasSent)
        {
            desk.NotSent(this);
            Release(); // for the call that there was none of
        }
        else if (!_isBack) _ = _giveUp.CancelAsync();
        Release();
    }

    public void Dispose() => _giveUp.Dispose();

    /// <summary>Makes its answer of what the cluster computed.</summary>
    public Outcome Build()
    {
        Answer.Start(Line.Name, Exchange.Response.ModelVersion, _request.Id);
        if (!Line.Remote.IsAlone) return WithSide(static (side, call) => side.Build(call.Exchange.Response, call._request, call.Properties.Accept, call.Answer));
        var outputs = Exchange.Response.Outputs;
        for (int i = 0; i < outputs.Count; i++)
        {
            var tensor = outputs[i];
            Answer.Outputs.Add(tensor.Name, tensor.DataType, tensor.Shape, tensor.Data, _request.WantsBinary(tensor.Name, Properties.Accept));
        }
        return Outcome.Ok;
    }

    private async Task RunAsync()
    {
        try
        {
            var outcome = Read();
            var came = outcome.Status == InferenceStatus.Ok
                ? await desk.Client.InferAsync(Line.Standing.Model, Line.Remote.IsAlone ? _request : _tensors, Exchange, desk.Budget(this), _giveUp.Token).ConfigureAwait(false)
                : default;
            _isBack = true;
            if (outcome.Status == InferenceStatus.Ok) desk.Answered(this, came);
            else desk.Unsent(this, outcome);
        }
        catch (Exception error)
        {
            // A bug must not leave a request without an answer.
            _isBack = true;
            desk.Broke(this, error);
        }
        finally
        {
            _request.Reset();
            _tensors.Reset();
            Answer.Reset();
            desk.CallEnded(this);
            Release();
        }
    }

    private Outcome Read()
    {
        if (_unread.Status != InferenceStatus.Ok) return _unread;
        if (RequestCodec.Read(_format.ContentType(), Properties, _payload.WrittenMemory, _request, desk.Limits) is { } error) return Outcome.Of(error);
        if (!Line.Remote.IsAlone) return WithSide(static (side, call) => side.Read(call._request, call._tensors));
        return _request.IsImage ? Outcome.Invalid($"model '{Line.Lane.Id}' takes no images: the cluster has it alone, and takes tensors") : Outcome.Ok;
    }

    private Outcome WithSide(Func<BundleSide, ClusterCall, Outcome> use)
    {
        if (Line.Sides.Take() is not { } side) return Line.Lane.Refusal(Properties);
        try
        {
            return use(side, this);
        }
        finally
        {
            Line.Sides.Return(side);
        }
    }

    // The last who lets go of it has it used again.
    private void Release()
    {
        if (Interlocked.Decrement(ref _holders) > 0) return;
        Pending = null!;
        if (!_giveUp.TryReset()) _giveUp = new CancellationTokenSource(); // the old one may be at its callbacks still
        desk.Return(this);
    }
}
