using System.Text;
using EdgeRuntime.Bundles;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Admission;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.Serving.Lanes;
using EdgeRuntime.Serving.Responses;
using Microsoft.AspNetCore.Http;

namespace EdgeRuntime.Serving.Http;

/// <summary>
/// Takes inference requests: headers are checked before the body is read, and the body is complete before the gate is asked. The answer is
/// awaited without a thread.
/// </summary>
internal sealed class InferEndpoint(ServingSettings settings, RequestGate gate, ModelVersions versions, HttpHooks hooks, ResponseCounters counters, TimeProvider time)
{
    private readonly TimeSpan _deadline = settings.Http!.Deadline;
    private readonly BodyReader _bodies = new(settings.Limits.PayloadBytes.Bytes);

    public async Task AnswerAsync(HttpExchange exchange, Route route)
    {
        var request = exchange.Connection.Request;
        long start = time.GetTimestamp();
        if (Check(exchange, route, out var properties, out var format) is { } refused)
        {
            await RefuseAsync(exchange, route, refused, start).ConfigureAwait(false);
            return;
        }
        request.Begin(format);
        try
        {
            var patience = properties.Deadline ?? _deadline;
            if (await ReadBodyAsync(exchange, request, patience).ConfigureAwait(false) is { } failure)
            {
                await RefuseAsync(exchange, route, failure, time.GetTimestamp()).ConfigureAwait(false);
                return;
            }
            request.Complete(time.GetTimestamp());
            await AnswerAsync(exchange, request, route, properties, patience - time.GetElapsedTime(start)).ConfigureAwait(false);
        }
        finally
        {
            request.Body.Release();
            request.Forget();
        }
    }

    /// <summary>Answers and counts an inference request that is refused for its headers.</summary>
    public Task RefuseAsync(HttpExchange exchange, Route route, HttpFailure failure) => RefuseAsync(exchange, route, failure, time.GetTimestamp());

    private Task RefuseAsync(HttpExchange exchange, Route route, HttpFailure failure, long since)
    {
        counters.Count(failure.Outcome.Status);
        hooks.Refused?.Invoke(route.Model, failure.Outcome.Reason, time.GetElapsedTime(since));
        return exchange.FailAsync(failure);
    }

    private async Task AnswerAsync(HttpExchange exchange, HttpRequest request, Route route, RequestProperties properties, TimeSpan left)
    {
        var outcome = TryAdmit(request, properties, route.Model, left);
        if (outcome.Status != InferenceStatus.Ok)
        {
            request.Refuse(outcome);
            hooks.Refused?.Invoke(route.Model, outcome.Reason, time.GetElapsedTime(request.ReceivedTimestamp));
        }
        else await WaitAsync(exchange, request).ConfigureAwait(false);
        exchange.SetOutcome(request.Outcome);
        if (request.WasAdmitted) Tell(request, exchange.ResponseHeaders);
        if (request.Outcome.Status != InferenceStatus.Ok) await exchange.FailAsync(HttpFailure.Of(request.Outcome)).ConfigureAwait(false);
        else await exchange.ReplyAsync(200, request.AnswerFormat, request.Answer).ConfigureAwait(false);
    }

    // A client that went away is not waited for; its request ends by itself, at its deadline at the latest, and only then is the connection's again.
    private async ValueTask WaitAsync(HttpExchange exchange, HttpRequest request)
    {
        var gone = exchange.Lifetime.RequestAborted.UnsafeRegister(static state => ((Wait)state!).Cancel(), new Wait(request, hooks));
        await using (gone.ConfigureAwait(false)) await request.EndAsync().ConfigureAwait(false);
    }

    private sealed record Wait(HttpRequest Request, HttpHooks Hooks)
    {
        public void Cancel() => Hooks.Cancel?.Invoke(Request.Client, Request.Correlation);
    }

    private HttpFailure? Check(in HttpExchange exchange, Route route, out RequestProperties properties, out PayloadFormat format)
    {
        var headers = exchange.Request.Headers;
        format = default;
        if (HttpWishes.Read(headers, out properties) is { } wrong) return wrong;
        if (FormatOf(headers, properties, out format) is { } unknown) return unknown;
        if (_bodies.Refusal(headers.ContentLength) is { } tooLong) return tooLong;
        if (versions.Refusal(route.Model, route.Version) is { } missing) return missing;
        if (route.Version is { } version) properties.TryAdd("model-version"u8, Encoding.ASCII.GetBytes(version)); // a version, or it would be missing
        return null;
    }

    // Clients of the binary extension send its header alone, or with the content type of the JSON part.
    private static HttpFailure? FormatOf(IHeaderDictionary headers, in RequestProperties properties, out PayloadFormat format)
    {
        format = PayloadFormat.Json;
        if (headers.ContentEncoding is { Count: > 0 } encoding && !string.Equals(encoding.ToString(), "identity", StringComparison.OrdinalIgnoreCase))
            return HttpFailure.Invalid(415, $"content encoding '{Identifier.Quote(encoding.ToString())}' is not taken: send the body as it is");
        if (headers.ContentType.Count > 0 && PayloadFormats.Read(Encoding.UTF8.GetBytes(headers.ContentType.ToString()), out format) is { } error) return HttpFailure.Invalid(415, error.Message);
        if (format == PayloadFormat.Json && properties.HeaderLength is not null) format = PayloadFormat.Binary;
        return null;
    }

    private async ValueTask<HttpFailure?> ReadBodyAsync(HttpExchange exchange, HttpRequest request, TimeSpan patience)
    {
        var late = exchange.Connection.LateAfter(patience);
        try
        {
            return await _bodies.ReadAsync(exchange, request.Body, late).ConfigureAwait(false);
        }
        catch (BadHttpRequestException error)
        {
            return HttpFailure.Invalid(error.StatusCode, error.Message);
        }
        finally
        {
            exchange.Connection.InTime();
        }
    }

    private Outcome TryAdmit(HttpRequest request, in RequestProperties properties, string model, TimeSpan left)
    {
        Span<byte> name = stackalloc byte[Identifier.MaximumLength];
        return gate.TryAdmit(request, properties, name[..Encoding.ASCII.GetBytes(model, name)], left);
    }

    private static void Tell(HttpRequest request, IHeaderDictionary headers)
    {
        if (request.Variant.Length > 0) headers[PropertyNames.Variant] = request.Variant;
        if (request is { IsDegraded: true, Outcome.Reason: RefusalReason.None }) headers[PropertyNames.Reason] = Encoding.ASCII.GetString(RefusalReasons.Degraded);
        headers[PropertyNames.Route] = request.IsOffloaded ? RequestRecorder.Offload : RequestRecorder.Local;
        if (request.ModelVersion.Length > 0) headers[PropertyNames.ModelVersion] = request.ModelVersion;
        headers[PropertyNames.QueueUs] = HttpExchange.Whole(request.Queue.TotalMicroseconds);
        headers[PropertyNames.ComputeUs] = HttpExchange.Whole(request.Compute.TotalMicroseconds);
        if (request.AnswerFormat == PayloadFormat.Binary) headers[PropertyNames.HeaderLength] = HttpExchange.Whole(request.HeaderLength);
    }
}
