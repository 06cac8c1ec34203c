using EdgeRuntime.Messaging;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Beacons;
using EdgeRuntime.Serving.Lanes;
using EdgeRuntime.Serving.Metrics;
using EdgeRuntime.Serving.Responses;

namespace EdgeRuntime.Device.Offload;

// What comes back: beacons and answers.
internal sealed partial class OffloadDesk
{
    /// <summary>Reads a beacon. Called on the thread that reads from the broker.</summary>
    /// <param name="payload">Its document.</param>
    /// <param name="server">Whose topic it came on.</param>
    public void Heard(ReadOnlyMemory<byte> payload, string server)
    {
        if (BeaconDocument.Read(payload, server) is not { } beacon) return;
        KnownServer? known;
        bool isLost;
        lock (_gate)
        {
            known = _book.Heard(beacon, Now(), out isLost);
            if (isLost) Failed_NeedsLock(known!, null, $"it is {beacon.State}: {(beacon.Reason.Length > 0 ? beacon.Reason : "started anew")}");
        }
        if (isLost) Lose(sending => sending.Server == known, $"server '{server}' is gone");
    }

    /// <summary>Reads a server's answer; false where nobody waits for it any more. Called on the thread that reads from the broker.</summary>
    public bool TryAnswer(MqttMessage message)
    {
        Sending? sending;
        if (RequestPost.IdOf(message) is not { } id) return false;
        lock (_gate)
            if (!_sendings.TryGetValue(id, out sending)) return false;
        lock (sending.Gate)
        {
            if (!sending.TryEnd_NeedsLock()) return false;
            var answer = RemoteAnswer.Read(message);
            Learn(sending, answer);
            if (answer.Status == InferenceStatus.Ok) Give(sending, message, answer);
            else if (!sending.HasFallback) _parts.Dismissal.End(sending.Pending, sending.Lane.Name, answer.Refusal(sending.Server.Name, message.Payload.Span));
            else sending.Lane.Release(sending.Pending);
            return true;
        }
    }

    private void Learn(Sending sending, in RemoteAnswer answer)
    {
        lock (_gate)
        {
            double now = Now();
            if (answer.Status != InferenceStatus.Ok)
            {
                if (answer.Status is InferenceStatus.InvalidArgument or InferenceStatus.NotFound) sending.Server.Breaker.Succeeded(); // it is there; the request is wrong
                else if (answer.Status is InferenceStatus.ResourceExhausted or InferenceStatus.DeadlineExceeded) Full_NeedsLock(sending, answer, now);
                else Failed_NeedsLock(sending.Server, answer.RetryAfter, $"it answered {System.Text.Encoding.ASCII.GetString(answer.Status.WireName())}");
                return;
            }
            bool wasOpen = sending.Server.Breaker.IsOpen;
            sending.Server.Breaker.Succeeded();
            if (wasOpen) _parts.Log.Info("offload", $"server '{sending.Server.Name}' answers again");
            if (!sending.HasFallback) _risk.Answered();
            sending.Line.Path.Learn(sending.Bytes, now - sending.SentAt, (answer.Queue + answer.Compute).TotalSeconds, sending.Promised);
        }
    }

    // It is there, and has no room for more of that priority at present.
    private static void Full_NeedsLock(Sending sending, in RemoteAnswer answer, double now)
    {
        sending.Server.Breaker.Succeeded();
        sending.Line.Refused(sending.Priority, now + Math.Clamp(answer.RetryAfter?.TotalSeconds ?? 0, LeastPause, Silence));
    }

    // The server's answer is the client's, as it is.
    private void Give(Sending sending, MqttMessage message, in RemoteAnswer answer)
    {
        var pending = sending.Pending;
        if (pending.TryAnswer())
        {
            var (incoming, now) = (pending.Incoming, _time.GetTimestamp());
            var total = _time.GetElapsedTime(incoming.ReceivedTimestamp, now);
            var told = incoming.Send(new Answer
            {
                Outcome = Outcome.Ok,
                Payload = message.Payload.Span,
                Format = answer.Format,
                HeaderLength = answer.HeaderLength,
                Tale = new AnswerTale
                {
                    Variant = answer.Variant,
                    ModelVersion = answer.ModelVersion,
                    IsOffloaded = true,
                    Queue = total - answer.Compute,
                    Compute = answer.Compute,
                    Left = _time.GetElapsedTime(now, pending.Due),
                },
            });
            _parts.Counters.Count(told.Status);
            Series(sending.Lane).Request(told.Reason, total - answer.Compute, answer.Compute, total);
        }
        if (!sending.HasFallback || sending.Lane.TryRemove(pending)) pending.End(); // else its worker's to end
    }

    // What a server calls its variants is its own affair: one series for all of them.
    private RequestSeries Series(ModelLane lane) => _parts.Metrics.Model(lane.Name).Series("server", RequestRecorder.Offload, lane.Version ?? "");
}
