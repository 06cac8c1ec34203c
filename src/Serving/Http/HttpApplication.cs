using System.Net;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Logging;
using EdgeRuntime.Serving.Metrics;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeRuntime.Serving.Http;

/// <summary>What Kestrel calls for each request: finds what the path names, and sees to it that every request is answered, whatever happens on the way.</summary>
internal sealed class HttpApplication(InferEndpoint infer, DescribeEndpoint describe, RepositoryEndpoint repository, HttpHooks hooks, EventLog log) : IHttpApplication<HttpExchange>
{
    private volatile bool _closing;

    /// <summary>From now on every answer is the last of its connection.</summary>
    public void Close() => _closing = true;

    public HttpExchange CreateContext(IFeatureCollection contextFeatures) => new(contextFeatures);

    public void DisposeContext(HttpExchange context, Exception? exception) { }

    public async Task ProcessRequestAsync(HttpExchange context)
    {
        if (_closing) context.ResponseHeaders.Connection = "close";
        try
        {
            await DispatchAsync(context).ConfigureAwait(false);
        }
        catch (BadHttpRequestException error)
        {
            await FailAsync(context, HttpFailure.Invalid(error.StatusCode, error.Message)).ConfigureAwait(false);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            context.Lifetime.Abort(); // the client went away, or takes its answer too slowly
        }
        catch (Exception error)
        {
            log.Error("http", $"a request failed unexpectedly: {error.GetType().Name}: {error.Message}");
            await FailAsync(context, new HttpFailure(500, new Lanes.Outcome(Lanes.RefusalReason.Failed, "the runtime failed on this request"))).ConfigureAwait(false);
        }
    }

    private Task DispatchAsync(HttpExchange exchange)
    {
        var route = Route.Of(exchange.Target);
        if (Stranger(exchange) is { } refused) return route.Kind == RouteKind.Infer ? infer.RefuseAsync(exchange, route, refused) : FailAsync(exchange, refused);
        if (route.Kind == RouteKind.None || !IsThere(route.Kind)) return FailAsync(exchange, HttpFailure.NotFound("no such path: see the Open Inference Protocol v2"));
        if (!route.Takes(exchange.Request.Method))
        {
            exchange.ResponseHeaders.Allow = route.Allow;
            return FailAsync(exchange, HttpFailure.Invalid(405, $"this path takes {route.Allow}"));
        }
        return route.Kind switch
        {
            RouteKind.Infer => infer.AnswerAsync(exchange, route),
            RouteKind.Index or RouteKind.Load or RouteKind.Unload => repository.AnswerAsync(exchange, route),
            RouteKind.Metrics => MetricsAsync(exchange),
            _ => describe.AnswerAsync(exchange, route),
        };
    }

    private bool IsThere(RouteKind kind) => kind switch
    {
        RouteKind.Metrics => hooks.Metrics is not null,
        RouteKind.Load => hooks.Load is not null,
        RouteKind.Unload => hooks.Unload is not null,
        _ => true,
    };

    // On loopback the machine's own browser is a client too, and any web page can make it ask: such requests carry an origin, or by DNS a foreign host.
    private static HttpFailure? Stranger(in HttpExchange exchange)
    {
        var headers = exchange.Request.Headers;
        if (headers.Origin.Count > 0) return HttpFailure.Invalid(403, "requests of web pages are not answered");
        if (exchange.Connection.IsTrustedTransport || headers.Host.Count == 0) return null;
        var host = HostString.FromUriComponent(headers.Host.ToString()).Host;
        bool local = host is "" or "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
        return local ? null : HttpFailure.Invalid(403, "the header 'host' names another machine than this one");
    }

    private Task MetricsAsync(HttpExchange exchange)
    {
        var text = new PayloadBuffer();
        hooks.Metrics!(text);
        return exchange.ReplyAsync(200, PrometheusText.ContentType, text.WrittenMemory);
    }

    private static Task FailAsync(HttpExchange exchange, HttpFailure failure)
    {
        if (!exchange.HasStarted) return exchange.FailAsync(failure);
        exchange.Lifetime.Abort();
        return Task.CompletedTask;
    }
}
