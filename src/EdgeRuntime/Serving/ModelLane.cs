using EdgeRuntime.Device.Admission;
using EdgeRuntime.Device.Scheduling;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Device.Serving;

/// <summary>
/// A model's way through the device: its queue, and the worker that answers from it. It is there from the start, before its model is loaded and
/// when loading failed, so that requests learn what became of it. What goes wrong in one lane stays in it. Thread-safe.
/// </summary>
internal sealed class ModelLane
{
    private const double Weight = 0.1; // of the newest run in the average
    private static readonly TimeSpan WhileLoading = TimeSpan.FromSeconds(1);
    private readonly RequestQueue<PendingRequest> _queue;
    private volatile ServedModel? _model;
    private volatile string _reason = "it is being loaded";
    private long _averageTicks;

    public ModelLane(string name, int queueLimit) => (Name, _queue) = (name, new RequestQueue<PendingRequest>(queueLimit));

    public string Name { get; }

    /// <summary>The model in service; null while it is loaded and after that failed.</summary>
    public ServedModel? Model => _model;

    /// <summary>Why there is no model in service.</summary>
    public string Reason => _reason;

    public bool HasFailed { get; private set; }

    /// <summary>What is wrong although a model is in service, such as a source that was refused; null where nothing is.</summary>
    public string? Complaint { get; private set; }

    /// <summary>One of <see cref="Metrics.ModelMetrics.States"/>.</summary>
    public string State => _model is not null ? "ready" : HasFailed ? "failed" : "loading";

    /// <summary>Requests that wait.</summary>
    public int Waiting => _queue.Count;

    /// <summary>What a request that joined the queue now would wait, by the runs so far.</summary>
    public TimeSpan ExpectedWait => new(Math.Max(Interlocked.Read(ref _averageTicks), TimeSpan.TicksPerMillisecond) * (_queue.Count + 1));

    /// <param name="model">What answers from now on.</param>
    /// <param name="complaint">What an operator has to mend all the same.</param>
    public void Serve(ServedModel model, string? complaint) => (Complaint, _model) = (complaint, model);

    public void Fail(string reason) => (_reason, HasFailed) = (reason, true);

    /// <summary>Why a request with these wishes cannot be answered here at all; OK where it can.</summary>
    public Outcome Refusal(in RequestProperties properties)
    {
        if (_model is not { } model) return new Outcome(InferenceStatus.Unavailable, $"model '{Name}' is not in service: {_reason}", HasFailed ? null : WhileLoading);
        if (properties.Offload == OffloadRule.Only) return new Outcome(InferenceStatus.Unavailable, "the request asks for a server (offload: only), and this device has none");
        if (properties.MinQuality is { } floor && model.Quality < floor)
            return new Outcome(InferenceStatus.Unavailable, $"variant '{model.Variant.Id}' of model '{Name}' has the quality {model.Quality:g4}, below the floor of {floor:g4}");
        return Outcome.Ok;
    }

    public bool TryAdd(PendingRequest request) => _queue.TryAdd(request, request.Properties.Priority, request.Due);

    public bool TryTake(out PendingRequest request) => _queue.TryTake(out request);

    public void NoteRun(TimeSpan duration)
    {
        long average = Interlocked.Read(ref _averageTicks);
        Interlocked.Exchange(ref _averageTicks, average == 0 ? duration.Ticks : average + (long)(Weight * (duration.Ticks - average)));
    }

    /// <summary>Takes no more requests; those that wait are still answered.</summary>
    public void Close() => _queue.Close();
}
