using System.Text.Json;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Catalog;
using EdgeRuntime.Serving.Hosting;
using EdgeRuntime.Serving.Lanes;

namespace EdgeRuntime.Serving.Http;

/// <summary>The model repository extension of the protocol: which models there are, and putting them into service and out of it.</summary>
internal sealed class RepositoryEndpoint(ModelLanes lanes, ModelVersions versions, HttpHooks hooks, ByteBudget budget)
{
    private const int LongestBody = 64 << 10;
    private static readonly TimeSpan BodyPatience = TimeSpan.FromSeconds(10), ChangePatience = TimeSpan.FromMinutes(5);

    private record struct Asked(bool OnlyReady, string? Version);

    private readonly BodyReader _bodies = new(LongestBody);

    public async Task AnswerAsync(HttpExchange exchange, Route route)
    {
        var body = new HttpBuffer(budget);
        try
        {
            var failure = _bodies.Refusal(exchange.Request.Headers.ContentLength) ?? await _bodies.ReadAsync(exchange, body, exchange.Connection.LateAfter(BodyPatience)).ConfigureAwait(false);
            exchange.Connection.InTime();
            var asked = default(Asked);
            failure ??= Parse(body.Written, out asked);
            if (failure is { } wrong) await exchange.FailAsync(wrong).ConfigureAwait(false);
            else if (route.Kind == RouteKind.Index) await exchange.ReplyAsync(200, PayloadFormat.Json, Index(asked.OnlyReady)).ConfigureAwait(false);
            else await ChangeAsync(exchange, route, asked.Version).ConfigureAwait(false);
        }
        finally
        {
            body.Release();
        }
    }

    // An object or nothing at all; of its members only "ready" of an index request says something here, and "parameters" of the others.
    private static HttpFailure? Parse(ReadOnlyMemory<byte> body, out Asked asked)
    {
        asked = default;
        if (body.IsEmpty) return null;
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object) return HttpFailure.Invalid(400, "the body must be a JSON object, or empty");
            asked.OnlyReady = root.TryGetProperty("ready", out var ready) && ready.ValueKind == JsonValueKind.True;
            if (!root.TryGetProperty("parameters", out var parameters) || parameters.ValueKind != JsonValueKind.Object || !parameters.TryGetProperty("version", out var version)) return null;
            if (version.ValueKind != JsonValueKind.String) return HttpFailure.Invalid(400, "parameter 'version' must be a string");
            asked.Version = version.GetString();
            return null;
        }
        catch (JsonException)
        {
            return HttpFailure.Invalid(400, "the body must be a JSON object, or empty");
        }
    }

    private ReadOnlyMemory<byte> Index(bool onlyReady) => JsonDocuments.Write(json =>
    {
        json.WriteStartArray();
        foreach (var entry in lanes.All.Select(ModelIndexEntry.Of))
        {
            if (onlyReady && !entry.IsReady) continue;
            json.WriteStartObject();
            json.WriteString("name", entry.Name);
            json.WriteString("version", entry.Version);
            json.WriteString("state", entry.State);
            json.WriteString("reason", entry.Reason);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    private async Task ChangeAsync(HttpExchange exchange, Route route, string? version)
    {
        if (versions.Refusal(route.Model, version) is { } missing)
        {
            await exchange.FailAsync(missing).ConfigureAwait(false);
            return;
        }
        var change = (route.Kind == RouteKind.Load ? hooks.Load : hooks.Unload)!;
        var outcome = await change(route.Model, version, exchange.Connection.LateAfter(ChangePatience)).ConfigureAwait(false);
        exchange.Connection.InTime();
        exchange.SetOutcome(outcome);
        if (outcome.Status == InferenceStatus.Ok) await exchange.ReplyAsync(200, PayloadFormat.Json, JsonDocuments.Object(static _ => { })).ConfigureAwait(false);
        else await exchange.FailAsync(HttpFailure.Of(outcome)).ConfigureAwait(false);
    }
}
