using System.Text;
using System.Text.Json;
using EdgeRuntime.Bundles;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Hosting;
using EdgeRuntime.Serving.Lanes;

namespace EdgeRuntime.Serving.Http;

/// <summary>Health and metadata of the device and its models, as the protocol's documents.</summary>
internal sealed class DescribeEndpoint(ModelLanes lanes, ModelVersions versions, HttpHooks hooks)
{
    private const int Ok = 200, NotReady = 503;

    public Task AnswerAsync(HttpExchange exchange, Route route) => route.Kind switch
    {
        RouteKind.Server => exchange.ReplyAsync(Ok, PayloadFormat.Json, JsonDocuments.Object(Server)),
        RouteKind.Live => exchange.ReplyAsync(Ok, PayloadFormat.Json, JsonDocuments.Object(json => json.WriteBoolean("live", true))),
        RouteKind.Ready => Ready(exchange),
        RouteKind.ModelReady => ModelReady(exchange, route),
        _ => Model(exchange, route),
    };

    private void Server(Utf8JsonWriter json)
    {
        json.WriteString("name", "edge-runtime");
        json.WriteString("version", ProgramVersion.Text);
        json.WriteStartArray("extensions");
        json.WriteStringValue("binary_tensor_data");
        json.WriteStringValue("encoded_image");
        if (hooks.Load is not null) json.WriteStringValue("model_repository");
        json.WriteEndArray();
    }

    // Published texts of the protocol call the member "live" and "ready": both are there.
    private Task Ready(HttpExchange exchange)
    {
        bool ready = lanes.All.All(static lane => lane.IsReady);
        return exchange.ReplyAsync(ready ? Ok : NotReady, PayloadFormat.Json, JsonDocuments.Object(json =>
        {
            json.WriteBoolean("live", true);
            json.WriteBoolean("ready", ready);
        }));
    }

    private Task ModelReady(HttpExchange exchange, Route route)
    {
        if (versions.Refusal(route.Model, route.Version) is { } missing) return exchange.FailAsync(missing);
        bool ready = versions.IsReady(route.Model, route.Version);
        return exchange.ReplyAsync(ready ? Ok : NotReady, PayloadFormat.Json, JsonDocuments.Object(json =>
        {
            json.WriteString("name", route.Model);
            json.WriteBoolean("ready", ready);
        }));
    }

    private Task Model(HttpExchange exchange, Route route)
    {
        if (versions.RefusalToServe(route.Model, route.Version, out var served) is { } failure)
            return versions.Told(route.Model, route.Version) is { } told ? Remote(exchange, route.Model, told) : exchange.FailAsync(failure);
        var manifest = served!.Bundle.Manifest;
        return Describe(exchange, manifest.Name, lanes.Find(route.Model)?.Versions ?? [], "onnx_onnxv1", json =>
        {
            Tensors(json, "inputs", manifest.Inputs);
            Tensors(json, "outputs", AnswerTensors.Of(manifest));
        });
    }

    // A model that another host has alone, in that host's words but for the name.
    private static Task Remote(HttpExchange exchange, string name, ModelMetadata told) => Describe(exchange, name, told.Versions, told.Platform, json =>
    {
        Tensors(json, "inputs", told.Inputs);
        Tensors(json, "outputs", told.Outputs);
    });

    private static Task Describe(HttpExchange exchange, string name, IEnumerable<string> versions, string platform, Action<Utf8JsonWriter> tensors) =>
        exchange.ReplyAsync(Ok, PayloadFormat.Json, JsonDocuments.Object(json =>
        {
            json.WriteString("name", name);
            json.WriteStartArray("versions");
            foreach (var version in versions) json.WriteStringValue(version);
            json.WriteEndArray();
            json.WriteString("platform", platform);
            tensors(json);
        }));

    private static void Tensors(Utf8JsonWriter json, string name, IEnumerable<TensorSpec> tensors)
    {
        json.WriteStartArray(name);
        foreach (var tensor in tensors) Tensor(json, tensor.Name, tensor.Type.ProtocolName(), tensor.Shape);
        json.WriteEndArray();
    }

    private static void Tensors(Utf8JsonWriter json, string name, IEnumerable<TensorMetadata> tensors)
    {
        json.WriteStartArray(name);
        foreach (var tensor in tensors) Tensor(json, tensor.Name, Encoding.ASCII.GetString(tensor.DataType.WireName()), tensor.Shape);
        json.WriteEndArray();
    }

    private static void Tensor(Utf8JsonWriter json, string name, string type, IReadOnlyList<long> shape)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("datatype", type);
        json.WriteStartArray("shape");
        foreach (long size in shape) json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
