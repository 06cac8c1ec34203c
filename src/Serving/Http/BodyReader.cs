using System.Buffers;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Lanes;

namespace EdgeRuntime.Serving.Http;

/// <summary>Reads bodies into memory, within a limit, a budget and a time. No worker waits for a slow sender: this is the server's asynchronous business.</summary>
internal sealed class BodyReader(long limit)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(200);

    /// <summary>Why a body of that announced length is not read at all; null where it may be.</summary>
    public HttpFailure? Refusal(long? length) => length > limit ? TooLarge() : null;

    /// <summary>Reads a body to its end.</summary>
    /// <returns>Null where all of it is in <paramref name="into"/>.</returns>
    /// <exception cref="OperationCanceledException">It did not come in time, or the client went away.</exception>
    public async ValueTask<HttpFailure?> ReadAsync(HttpExchange exchange, HttpBuffer into, CancellationToken late)
    {
        var (reader, length) = (exchange.Body, exchange.Request.Headers.ContentLength);
        while (true)
        {
            var read = await reader.ReadAsync(late).ConfigureAwait(false);
            var failure = Append(read.Buffer, into, length);
            reader.AdvanceTo(read.Buffer.End);
            if (failure is not null) return failure;
            if (read.IsCompleted) return null;
        }
    }

    private HttpFailure? Append(in ReadOnlySequence<byte> data, HttpBuffer into, long? length)
    {
        if (into.Length + data.Length > limit) return TooLarge();
        foreach (var part in data)
            if (!into.TryAppend(part.Span, length)) return HttpFailure.Of(new Outcome(RefusalReason.Memory, "the body found no room beside those that are being read (limits.queueBytes)", RetryAfter));
        return null;
    }

    private HttpFailure TooLarge() => HttpFailure.Invalid(413, $"the body is over the limit of {limit} bytes (limits.payloadBytes)");
}
