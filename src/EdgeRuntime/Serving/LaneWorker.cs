using System.Text;
using EdgeRuntime.Device.Admission;
using EdgeRuntime.Device.Logging;
using EdgeRuntime.Device.Responses;
using EdgeRuntime.Inference;
using EdgeRuntime.Messaging;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Device.Serving;

/// <summary>
/// Answers the requests of one lane, one after the other, on a thread of its own. Every request that it takes is answered and ended, whatever
/// happens on the way; the thread ends when the lane is closed and empty.
/// </summary>
internal sealed class LaneWorker : IDisposable
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
    private readonly InferenceRequest _request = new();
    private readonly InferenceResponse _response = new();
    private readonly Thread _thread;

    /// <param name="lane">Whose requests it answers.</param>
    /// <param name="model">What answers them.</param>
    /// <param name="responder">Its own.</param>
    /// <param name="limits">What a payload may ask for.</param>
    /// <param name="log">Where failures go.</param>
    /// <param name="time">The clock.</param>
    /// <param name="abandon">Cancelled when time is up: the run under way is ended, and what waits is told that the device shuts down.</param>
    public LaneWorker(ModelLane lane, ServedModel model, Responder responder, ProtocolLimits limits, EventLog log, TimeProvider time, CancellationToken abandon)
    {
        (_lane, _model, _responder, _limits, _log, _time, _abandon) = (lane, model, responder, limits, log, time, abandon);
        _runner = new ModelRunner(model);
        (_variant, _version) = (Encoding.UTF8.GetBytes(model.Variant.Id), Encoding.UTF8.GetBytes(model.Version));
        _thread = new Thread(Work) { IsBackground = true, Name = lane.Name };
        _thread.Start();
    }

    /// <summary>Waits for the thread to end; false where it has not by then.</summary>
    public bool Join(TimeSpan wait) => _thread.Join(wait);

    /// <summary>Frees the worker's buffers; only after its thread has ended.</summary>
    public void Dispose() => _runner.Dispose();

    private void Work()
    {
        ThreadAffinity.PinCurrentThread(_model.Cpus);
        while (_lane.TryTake(out var pending))
        {
            try
            {
                Serve(pending);
            }
            catch (Exception error)
            {
                // The lane outlives whatever kept this answer from being written.
                _log.Error(_lane.Name, $"an answer could not be written: {error.GetType().Name}: {error.Message}");
            }
            finally
            {
                pending.End();
            }
        }
    }

    private void Serve(PendingRequest pending)
    {
        long start = _time.GetTimestamp();
        var message = pending.Message;
        var outcome = Run(pending, message);
        long end = _time.GetTimestamp();
        var compute = _time.GetElapsedTime(start, end);
        if (outcome.Status == InferenceStatus.Ok) _lane.NoteRun(compute);
        _responder.Answer(message, outcome, _response, pending.Properties.Accept, new AnswerTale
        {
            Variant = _variant,
            ModelVersion = _version,
            Queue = _time.GetElapsedTime(message.ReceivedTimestamp, start),
            Compute = compute,
            Left = _time.GetElapsedTime(end, pending.Due),
        });
        _request.Reset();
        _response.Reset();
    }

    private Outcome Run(PendingRequest pending, MqttMessage message)
    {
        try
        {
            if (_abandon.IsCancellationRequested) return ModelRunner.Abandoned;
            if (Left(pending) <= TimeSpan.Zero) return new Outcome(InferenceStatus.DeadlineExceeded, "the deadline passed while the request waited");
            if (RequestCodec.Read(message.ContentType, pending.Properties, message.Payload, _request, _limits) is { } error) return Outcome.Of(error);
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
