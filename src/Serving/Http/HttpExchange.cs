using System.Globalization;
using EdgeRuntime.Messaging.OpenInference;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeRuntime.Serving.Http;

/// <summary>One request and its response as the server holds them; valid until the application's call ends.</summary>
internal readonly struct HttpExchange(IFeatureCollection features)
{
    // Slices of an answer wait for the client one after the other: the server buffers this much of it.
    private const int Slice = 64 << 10;

    private static readonly TimeSpan SendPatience = TimeSpan.FromSeconds(60);

    private readonly IHttpResponseFeature _response = features.GetRequiredFeature<IHttpResponseFeature>();

    public IHttpRequestFeature Request { get; } = features.GetRequiredFeature<IHttpRequestFeature>();
    public HttpConnection Connection { get; } = features.GetRequiredFeature<HttpConnection>();
    public IHttpRequestLifetimeFeature Lifetime => features.GetRequiredFeature<IHttpRequestLifetimeFeature>();
    public System.IO.Pipelines.PipeReader Body => features.GetRequiredFeature<IRequestBodyPipeFeature>().Reader;
    public IHeaderDictionary ResponseHeaders => _response.Headers;
    public bool HasStarted => _response.HasStarted;

    /// <summary>The target's path as it was sent; what came in absolute form is reduced to it (RFC 9112, 3.2.2).</summary>
    public ReadOnlySpan<char> Target => Request.RawTarget is ['/', ..] target ? target : Request.Path;

    public Task FailAsync(in HttpFailure failure)
    {
        var payload = new PayloadBuffer();
        JsonCodec.WriteError(failure.Outcome.Error ?? failure.Outcome.Status.ToString(), payload);
        SetOutcome(failure.Outcome);
        return ReplyAsync(failure.Code, PayloadFormat.Json, payload.WrittenMemory);
    }

    public Task ReplyAsync(int code, PayloadFormat format, ReadOnlyMemory<byte> payload) =>
        ReplyAsync(code, format == PayloadFormat.Binary ? "application/octet-stream" : "application/json", payload);

    /// <summary>Sends a response whole; gives the connection up where the client does not take it in time.</summary>
    public async Task ReplyAsync(int code, string contentType, ReadOnlyMemory<byte> payload)
    {
        (_response.StatusCode, _response.Headers.ContentType, _response.Headers.ContentLength) = (code, contentType, payload.Length);
        var writer = features.GetRequiredFeature<IHttpResponseBodyFeature>().Writer;
        var late = Connection.LateAfter(SendPatience);
        for (int sent = 0; sent < payload.Length; sent += Slice)
        {
            var flushed = await writer.WriteAsync(payload.Slice(sent, Math.Min(Slice, payload.Length - sent)), late).ConfigureAwait(false);
            if (flushed.IsCompleted) break;
        }
        Connection.InTime();
    }

    /// <summary>The headers that every answer to a request has, and every refusal.</summary>
    public void SetOutcome(in Lanes.Outcome outcome)
    {
        ResponseHeaders[PropertyNames.Status] = outcome.Status == InferenceStatus.Ok ? "OK" : System.Text.Encoding.ASCII.GetString(outcome.Status.WireName());
        if (outcome.Reason != Lanes.RefusalReason.None) ResponseHeaders[PropertyNames.Reason] = System.Text.Encoding.ASCII.GetString(Lanes.RefusalReasons.WireName(outcome.Reason));
        if (outcome.RetryAfter is not { } wait) return;
        ResponseHeaders.RetryAfter = Whole(Math.Max(1, Math.Ceiling(wait.TotalSeconds)));
        ResponseHeaders[PropertyNames.RetryAfterMs] = Whole(Math.Ceiling(wait.TotalMilliseconds));
    }

    public static string Whole(double number) => ((long)number).ToString(CultureInfo.InvariantCulture);
}
