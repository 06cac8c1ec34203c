using System.Text;
using EdgeRuntime.Device.Admission;
using EdgeRuntime.Device.Logging;
using EdgeRuntime.Device.Metrics;
using EdgeRuntime.Device.Responses;
using EdgeRuntime.Inference;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Device.Serving;

/// <summary>
/// Answers requests of a lane with one model. Holds buffers of its own: one thread. Whatever happens, a request gets an answer or an exception
/// that its worker logs.
/// </summary>
internal sealed class ModelServer : IDisposable
{
    private readonly ModelLane _lane;
    private readonly ServedModel _model;
    private readonly ModelRunner _runner;
    private readonly Responder _responder;
    private readonly ProtocolLimits _limits;
    private readonly EventLog _log;
    private readonly TimeProvider _time;
    private readonly CancellationToken _abandon;
    private readonly byte[] _variant, _version;
    private readonly RequestRecorder _recorder;
    private readonly RequestSeries _series;
    private readonly InferenceRequest _request = new();
    private readonly InferenceResponse _response = new();

    /// <param name="lane">Whose requests it answers.</param>
    /// <param name="model">What answers them.</param>
    /// <param name="responder">Its own.</param>
    /// <param name="recorder">The lane's.</param>
    /// <param name="limits">What a payload may ask for.</param>
    /// <param name="log">Where failures go.</param>
    /// <param name="time">The clock.</param>
    /// <param name="abandon">Cancelled when time is up: the run under way is ended, and what waits is told that the device shuts down.</param>
    public ModelServer(ModelLane lane, ServedModel model, Responder responder, RequestRecorder recorder, ProtocolLimits limits, EventLog log, TimeProvider time, CancellationToken abandon)
    {
        (_lane, _model, _responder, _limits, _log, _time, _abandon) = (lane, model, responder, limits, log, time, abandon);
        _runner = new ModelRunner(model);
        (_variant, _version) = (Encoding.UTF8.GetBytes(model.Variant.Id), Encoding.UTF8.GetBytes(model.Version));
        (_recorder, _series) = (recorder, recorder.Series(model));
    }

    public ServedModel Model => _model;

    /// <summary>Answers a request; its lease stays the caller's to end.</summary>
    public void Serve(PendingRequest pending)
    {
        long start = _time.GetTimestamp();
        var outcome = Run(pending);
        long end = _time.GetTimestamp();
        var (queue, compute) = (_time.GetElapsedTime(pending.Incoming.ReceivedTimestamp, start), _time.GetElapsedTime(start, end));
        if (outcome.Status == InferenceStatus.Ok)
        {
            _lane.NoteRun(compute);
            _recorder.Batch(1);
        }
        _lane.NoteEnd(outcome);
        _responder.Answer(pending.Incoming, outcome, _response, pending.Properties.Accept, new AnswerTale
        {
            Variant = _variant,
            ModelVersion = _version,
            Queue = queue,
            Compute = compute,
            Left = _time.GetElapsedTime(end, pending.Due),
        });
        _recorder.Record(pending, _series, outcome.Status, queue, compute);
        _request.Reset();
        _response.Reset();
    }

    public void Dispose() => _runner.Dispose();

    private Outcome Run(PendingRequest pending)
    {
        try
        {
            if (_abandon.IsCancellationRequested) return ModelRunner.Abandoned;
            if (Left(pending) <= TimeSpan.Zero) return new Outcome(InferenceStatus.DeadlineExceeded, "the deadline passed while the request waited");
            var incoming = pending.Incoming;
            if (RequestCodec.Read(incoming.ContentType, pending.Properties, incoming.Payload, _request, _limits) is { } error) return Outcome.Of(error);
            return _runner.Run(_request, pending.Properties.Accept, Left(pending), _response, _abandon);
        }
        catch (Exception error)
        {
            // A bug must not take the lane down with it, nor leave a request without an answer.
            _log.Error(_lane.Name, $"a request failed unexpectedly: {error.GetType().Name}: {error.Message}");
            return new Outcome(InferenceStatus.Internal, "the runtime failed on this request");
        }
    }

    private TimeSpan Left(PendingRequest pending) => _time.GetElapsedTime(_time.GetTimestamp(), pending.Due);
}
