using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace EdgeRuntime.Offload.Tests.Support;

/// <summary>One exchange over HTTP/1.1, by the specification's REST API and the extension "binary tensor data".</summary>
internal sealed class RestSide(TestCluster cluster, HttpContext context)
{
    private const string LengthName = "Inference-Header-Content-Length";

    public async Task ServeAsync()
    {
        try
        {
            var path = context.Request.Path.Value!.Trim('/').Split('/').Select(Uri.UnescapeDataString).ToArray();
            if (path is ["v2", "models", .. var rest] && rest[^1] == "infer") await cluster.AtInferenceAsync(() => InferAsync(rest[0], rest is [_, "versions", var version, _] ? version : ""));
            else await DescribeAsync(path);
        }
        catch (TestRefusal refusal)
        {
            await SendAsync(refusal.Code, new JsonObject { ["error"] = refusal.Message });
        }
    }

    private Task DescribeAsync(string[] path) => path switch
    {
        ["v2"] => SendAsync(200, Server()),
        ["v2", "health", "ready"] => ReadyAsync(cluster.Ready, "live"),
        ["v2", "models", var model] => SendAsync(200, Model(model, "")),
        ["v2", "models", var model, "versions", var version] => SendAsync(200, Model(model, version)),
        ["v2", "models", var model, "ready"] => ModelReadyAsync(model, ""),
        ["v2", "models", var model, "versions", var version, "ready"] => ModelReadyAsync(model, version),
        _ => throw new TestRefusal(404, "no such path"),
    };

    private Task ModelReadyAsync(string model, string version)
    {
        ServedModels.Find(model, version);
        return ReadyAsync(model != ServedModels.Cold, model);
    }

    private Task ReadyAsync(bool ready, string name)
    {
        if (cluster.ReadyByDocument) return SendAsync(200, new JsonObject { ["name"] = name, ["ready"] = ready });
        context.Response.StatusCode = ready ? 200 : 400;
        return Task.CompletedTask;
    }

    private JsonObject Server() => new()
    {
        ["name"] = TestCluster.Name,
        ["version"] = TestCluster.Version,
        ["extensions"] = cluster.HasSections ? new JsonArray("model_repository", "binary_tensor_data") : new JsonArray(),
    };

    private static JsonObject Model(string model, string version)
    {
        ServedModels.Find(model, version);
        return new JsonObject
        {
            ["name"] = model,
            ["versions"] = new JsonArray([.. ServedModels.Versions.Select(each => (JsonNode)each)]),
            ["platform"] = "test_platform",
            ["inputs"] = Tensors(ServedModels.Inputs(model)),
            ["outputs"] = Tensors(ServedModels.Outputs(model)),
        };
    }

    private static JsonArray Tensors((string Name, string Type, long[] Shape)[] tensors) =>
    [
        .. tensors.Select(tensor => new JsonObject { ["name"] = tensor.Name, ["datatype"] = tensor.Type, ["shape"] = new JsonArray([.. tensor.Shape.Select(each => (JsonNode)each)]) }),
    ];

    private async Task InferAsync(string model, string version)
    {
        cluster.Timeouts.Enqueue(context.Request.Headers["deadline-ms"].ToString());
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        if (await RestTrouble.RefuseAsync(cluster, context)) return;
        var request = Read(body.ToArray(), model, version);
        cluster.Seen.Enqueue(request);
        var answer = ServedModels.Twist(ServedModels.Run(request), cluster.Trouble);
        var (head, sections) = Write(answer, request.Parameters.ContainsKey("binary_data_output"));
        await RestTrouble.SendAsync(cluster, context, head, sections, request.Parameters.ContainsKey("binary_data_output"));
    }

    private SeenRequest Read(byte[] body, string model, string version)
    {
        var binary = context.Request.Headers.TryGetValue(LengthName, out var length);
        if (binary && !cluster.HasSections) throw new TestRefusal(400, "binary data is not known here");
        var head = binary ? int.Parse(length.ToString(), CultureInfo.InvariantCulture) : body.Length;
        var json = JsonNode.Parse(body.AsSpan(0, head))!.AsObject();
        var inputs = new List<TestTensor>();
        foreach (var input in json["inputs"]!.AsArray()) inputs.Add(Tensor(input!.AsObject(), body, ref head));
        if (binary && head != body.Length) throw new TestRefusal(400, $"{body.Length - head} bytes follow the last tensor");
        var outputs = json["outputs"]?.AsArray().Select(output => new SeenOutput((string)output!["name"]!, Parameters(output["parameters"]))).ToList() ?? [];
        return new SeenRequest(model, version, (string?)json["id"] ?? "", Parameters(json["parameters"]), inputs, outputs, binary);
    }

    private static TestTensor Tensor(JsonObject input, byte[] body, ref int at)
    {
        var (name, type) = ((string)input["name"]!, (string)input["datatype"]!);
        var shape = input["shape"]!.AsArray().Select(dimension => (long)dimension!).ToArray();
        if (Parameters(input["parameters"]).Keys.FirstOrDefault(key => key != "binary_data_size") is { } stray) throw new TestRefusal(400, $"parameter '{stray}' of an input");
        if (input["parameters"]?["binary_data_size"] is not { } size) return new TestTensor(name, type, shape, RestTensors.Decode(input["data"]!, type));
        at += (int)size;
        return new TestTensor(name, type, shape, body[(at - (int)size)..at]);
    }

    private static Dictionary<string, object> Parameters(JsonNode? node) => node?.AsObject().ToDictionary(each => each.Key, each => (object)(each.Value!.GetValueKind() switch
    {
        System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False => (bool)each.Value!,
        System.Text.Json.JsonValueKind.Number when long.TryParse(each.Value!.ToJsonString(), CultureInfo.InvariantCulture, out var whole) => whole,
        System.Text.Json.JsonValueKind.Number => (double)each.Value!,
        _ => (string)each.Value!,
    })) ?? [];

    private static (byte[] Head, byte[] Sections) Write(TestAnswer answer, bool binary)
    {
        var outputs = new JsonArray();
        foreach (var output in answer.Outputs)
        {
            var tensor = new JsonObject { ["name"] = output.Name, ["datatype"] = output.Type, ["shape"] = new JsonArray([.. output.Shape.Select(each => (JsonNode)each)]) };
            if (binary) tensor["parameters"] = new JsonObject { ["binary_data_size"] = output.Data.Length };
            else tensor["data"] = RestTensors.Encode(output);
            outputs.Add((JsonNode)tensor);
        }
        var json = new JsonObject { ["model_name"] = answer.Model, ["model_version"] = answer.Version, ["outputs"] = outputs };
        if (answer.Id.Length > 0) json["id"] = answer.Id;
        return (Encoding.UTF8.GetBytes(json.ToJsonString()), binary ? [.. answer.Outputs.SelectMany(output => output.Data)] : []);
    }

    private Task SendAsync(int code, JsonObject body)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = "application/json";
        return context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body.ToJsonString())).AsTask();
    }
}
