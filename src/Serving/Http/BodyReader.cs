using System.Buffers;
using System.IO.Pipelines;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Lanes;

namespace EdgeRuntime.Serving.Http;

/// <summary>Reads bodies into memory, within a limit, a budget and a time. No worker waits for a slow sender: this is the server's asynchronous business.</summary>
internal sealed class BodyReader(long limit)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(200);

    /// <summary>Why a body of that announced length is not read at all; null where it may be.</summary>
    public HttpFailure? Refusal(long? length) => length > limit ? TooLarge() : null;

    /// <summary>Reads a body to its end. What comes of one that is late is the server's to skip: the connection stays open for the next request.</summary>
    /// <returns>Null where all of it is in <paramref name="into"/>.</returns>
    /// <exception cref="OperationCanceledException">The client went away.</exception>
    public async ValueTask<HttpFailure?> ReadAsync(HttpExchange exchange, HttpBuffer into, CancellationToken late)
    {
        var (reader, length) = (exchange.Body, exchange.Request.Headers.ContentLength);
        // Not the token to read with: a read that throws is under way for ever to Kestrel, which then closes the connection.
        var registration = late.UnsafeRegister(static reader => ((PipeReader)reader!).CancelPendingRead(), reader);
        await using (registration.ConfigureAwait(false))
        {
            while (true)
            {
                var read = await reader.ReadAsync(CancellationToken.None).ConfigureAwait(false);
                var failure = Append(read.Buffer, into, length);
                reader.AdvanceTo(read.Buffer.End);
                if (failure is not null) return failure;
                if (read.IsCompleted) return null;
                if (late.IsCancellationRequested) return TooLate();
            }
        }
    }

    private HttpFailure? Append(in ReadOnlySequence<byte> data, HttpBuffer into, long? length)
    {
        if (into.Length + data.Length > limit) return TooLarge();
        foreach (var part in data)
            if (!into.TryAppend(part.Span, length)) return HttpFailure.Of(new Outcome(RefusalReason.Memory, "the body found no room beside those that are being read (limits.queueBytes)", RetryAfter));
        return null;
    }

    private static HttpFailure TooLate() => new(504, new Outcome(RefusalReason.Expired, "the deadline passed before the body was complete"));

    private HttpFailure TooLarge() => HttpFailure.Invalid(413, $"the body is over the limit of {limit} bytes (limits.payloadBytes)");
}
