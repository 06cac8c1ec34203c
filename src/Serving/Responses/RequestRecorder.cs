using EdgeRuntime.Serving.Admission;
using EdgeRuntime.Serving.Lanes;
using EdgeRuntime.Serving.Metrics;
using EdgeRuntime.Serving.Tracing;

namespace EdgeRuntime.Serving.Responses;

/// <summary>Tells metrics and traces how the requests of one lane ended. Allocates nothing for a request that is not traced. Thread-safe.</summary>
internal sealed class RequestRecorder(string lane, ModelMetrics metrics, Tracer? tracer, TimeProvider time)
{
    /// <summary>The routes of a request: it is answered here, or elsewhere.</summary>
    public const string Local = "local", Offload = "offload";

    /// <summary>The series of what a rung of a model answers.</summary>
    public RequestSeries Series(ServedModel model, ServedRung rung) => metrics.Series(rung.Id, Local, model.Version);

    /// <summary>One run that answered <paramref name="size"/> requests.</summary>
    public void Batch(int size) => metrics.Batch(size);

    /// <summary>A request whose answer was just sent.</summary>
    public void Record(PendingRequest pending, RequestSeries series, RefusalReason reason, TimeSpan queue, TimeSpan compute)
    {
        long received = pending.Incoming.ReceivedTimestamp;
        var total = time.GetElapsedTime(received);
        series.Request(reason, queue, compute, total);
        tracer?.Record(pending.Properties.Trace, new TracedRequest
        {
            Model = lane,
            Version = series.Version,
            Variant = series.Variant,
            Route = series.Route,
            Status = reason.Status(),
            Reason = reason,
            Admitted = time.GetElapsedTime(received, pending.Admitted),
            Started = queue,
            Computed = queue + compute,
            Answered = total,
        });
    }
}
