using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using EdgeRuntime.Bundles;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.Serving.Http;
using EdgeRuntime.Serving.Lanes;
using EdgeRuntime.TestKit;
using Xunit;

namespace EdgeRuntime.Serving.Tests.Http;

/// <summary>The paths of the protocol, asked by .NET's client.</summary>
public sealed class HttpProtocolTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/v2", 200, """{"name":"edge-runtime","version":"0.1.0","extensions":["binary_tensor_data","encoded_image"]}""")]
    [InlineData("/v2/health/live", 200, """{"live":true}""")]
    [InlineData("/v2/health/ready", 503, """{"live":true,"ready":false}""")]
    [InlineData("/v2/models/m/ready", 200, """{"name":"m","ready":true}""")]
    [InlineData("/v2/models/m/versions/1.0.0/ready", 200, """{"name":"m","ready":true}""")]
    [InlineData("/v2/models/cold/ready", 503, """{"name":"cold","ready":false}""")]
    [InlineData("/v2/models/cold", 503, """{"error":"model 'cold' is not in service: it is being loaded"}""")]
    [InlineData("/v2/models/m", 200, """{"name":"m","versions":["1.0.0"],"platform":"onnx_onnxv1","inputs":[{"name":"x","datatype":"FP32","shape":[-1,-1]}],"outputs":[{"name":"y","datatype":"FP32","shape":[-1,-1]}]}""")]
    [InlineData("/v2/models/m/versions/2.0.0", 404, """{"error":"model 'm' has no version '2.0.0', only '1.0.0'"}""")]
    [InlineData("/v2/models/other", 404, """{"error":"no model 'other' on device 'dev-1', only 'm', 'cold'"}""")]
    [InlineData("/v2/models/m/infer", 405, """{"error":"this path takes POST"}""")]
    [InlineData("/v2/other", 404, """{"error":"no such path: see the Open Inference Protocol v2"}""")]
    [InlineData("/metrics", 404, """{"error":"no such path: see the Open Inference Protocol v2"}""")]
    public async Task Get_Path_IsAnswered(string path, int code, string body)
    {
        await using var server = await HttpTestServer.StartAsync(allReady: false);
        using var response = await server.Client.GetAsync(path, Cancellation);
        Assert.Equal((code, body), ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation)));
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Ready_AllModelsInService_IsTrue_AndHeadHasNoBody()
    {
        await using var server = await HttpTestServer.StartAsync();
        Assert.Equal("""{"live":true,"ready":true}""", await server.Client.GetStringAsync("/v2/health/ready", Cancellation));
        using var head = await server.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/v2/health/ready"), Cancellation);
        Assert.Equal((HttpStatusCode.OK, 0), (head.StatusCode, (await head.Content.ReadAsByteArrayAsync(Cancellation)).Length));
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData(null)]
    public async Task Infer_Json_IsAnsweredWithItsHeaders(string? type)
    {
        await using var server = await HttpTestServer.StartAsync();
        using var response = await server.Client.PostAsync("/v2/models/m/versions/1.0.0/infer", HttpTestServer.Body(HttpTestServer.Json, type), Cancellation);
        Assert.Equal("""{"model_name":"m","model_version":"1.0.0","id":"7","outputs":[{"name":"y","datatype":"FP32","shape":[1,4],"data":[1,2,3,4]}]}""", await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(["OK", "fp32", "local", "1.0.0"], new[] { "status", "variant", "route", "model-version" }.Select(name => response.Headers.GetValues(name).Single()));
        Assert.All(["queue-us", "compute-us"], name => Assert.True(long.Parse(response.Headers.GetValues(name).Single(), null) >= 0));
        Assert.Equal(1, server.Count(InferenceStatus.Ok));
    }

    [Theory]
    [InlineData("application/octet-stream")]
    [InlineData("application/json")]
    [InlineData(null)]
    public async Task Infer_Binary_IsAnsweredInBinary(string? type)
    {
        await using var server = await HttpTestServer.StartAsync();
        var header = """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","parameters":{"binary_data_size":8}}],"outputs":[{"name":"y","parameters":{"binary_data":true}}]}""";
        byte[] data = [0, 0, 128, 63, 0, 0, 0, 64];
        using var content = new ByteArrayContent([.. Encoding.UTF8.GetBytes(header), .. data]);
        if (type is not null) content.Headers.ContentType = new(type);
        content.Headers.Add("Inference-Header-Content-Length", $"{header.Length}");
        using var response = await server.Client.PostAsync("/v2/models/m/infer", content, Cancellation);
        var answer = await response.Content.ReadAsByteArrayAsync(Cancellation);
        Assert.Equal((200, "application/octet-stream"), ((int)response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        int length = int.Parse(response.Headers.GetValues("inference-header-content-length").Single(), null);
        using var told = JsonDocument.Parse(answer.AsMemory(0, length));
        Assert.Equal("m", told.RootElement.GetProperty("model_name").GetString());
        Assert.Equal(data, answer[length..]);
    }

    [Theory]
    [InlineData("accept", "application/octet-stream", 200)]
    [InlineData("accept", "text/html", 406)]
    [InlineData("priority", "10", 400)]
    [InlineData("deadline-ms", "soon", 400)]
    [InlineData("deadline-ms", "0", 504)]
    [InlineData("min-quality", "1.5", 400)]
    [InlineData("offload", "only", 503)]
    [InlineData("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", 200)]
    [InlineData("traceparent", "x", 400)]
    [InlineData("content-encoding", "gzip", 415)]
    [InlineData("origin", "https://elsewhere.example", 403)]
    [InlineData("host", "elsewhere.example", 403)]
    public async Task Infer_WithHeader_IsAnswered(string name, string value, int code)
    {
        await using var server = await HttpTestServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/models/m/infer") { Content = HttpTestServer.Body(HttpTestServer.Json) };
        if (!request.Headers.TryAddWithoutValidation(name, value)) request.Content.Headers.TryAddWithoutValidation(name, value);
        using var response = await server.Client.SendAsync(request, Cancellation);
        Assert.Equal(code, (int)response.StatusCode);
        if (code != 200) Assert.StartsWith("{\"error\":\"", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Infer_HeaderOutsideItsDomain_TheErrorSpeaksOfAHeader()
    {
        await using var server = await HttpTestServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/models/m/infer") { Content = HttpTestServer.Body(HttpTestServer.Json) };
        request.Headers.Add("priority", "12");
        using var response = await server.Client.SendAsync(request, Cancellation);
        Assert.Equal("""{"error":"header 'priority' is '12', it must be 0 to 9"}""", await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("INVALID_ARGUMENT", response.Headers.GetValues("status").Single());
    }

    [Theory]
    [InlineData("text/plain", HttpTestServer.Json, 415)]
    [InlineData("application/x-www-form-urlencoded", HttpTestServer.Json, 415)]
    [InlineData("application/json", "", 400)]
    [InlineData("application/json", "{", 400)]
    [InlineData("application/json", """{"inputs":[]}""", 400)]
    [InlineData("application/json", """{"inputs":[{"name":"q","shape":[1,1],"datatype":"FP32","data":[1]}]}""", 400)]
    [InlineData("application/json", """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1]}]}""", 400)]
    [InlineData("application/octet-stream", "{}", 400)]
    [InlineData("image/png", "no image", 400)]
    public async Task Infer_WrongBody_IsRefused(string type, string body, int code)
    {
        await using var server = await HttpTestServer.StartAsync();
        using var response = await server.Client.PostAsync("/v2/models/m/infer", HttpTestServer.Body(body, type), Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.Equal(code, (int)response.StatusCode);
        Assert.StartsWith("{\"error\":\"", text, StringComparison.Ordinal);
        Assert.Equal("INVALID_ARGUMENT", response.Headers.GetValues("status").Single());
        Assert.Equal(1, server.Count(InferenceStatus.InvalidArgument));
    }

    [Fact]
    public async Task Infer_UnknownMethod_Is405WithAllow()
    {
        await using var server = await HttpTestServer.StartAsync();
        using var response = await server.Client.PutAsync("/v2/models/m/infer", HttpTestServer.Body(HttpTestServer.Json), Cancellation);
        Assert.Equal((405, "POST"), ((int)response.StatusCode, response.Content.Headers.Allow.Single()));
    }

    [Fact]
    public async Task Metadata_WithPostprocessing_ListsWhatTheAnswerHas()
    {
        await using var server = await HttpTestServer.StartAsync(edit: static (_, manifest) => manifest with { Postprocessing = [new PostprocessStep { Kind = PostprocessStep.TopK, Output = "y", K = 2 }] });
        var metadata = await server.Client.GetStringAsync("/v2/models/m", Cancellation);
        Assert.EndsWith("""
            "outputs":[{"name":"score","datatype":"FP32","shape":[-1,2]},{"name":"index","datatype":"INT64","shape":[-1,2]}]}
            """, metadata, StringComparison.Ordinal);
        using var answer = await server.Client.PostAsync("/v2/models/m/infer", HttpTestServer.Body(HttpTestServer.Json), Cancellation);
        using var told = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(["score", "index"], told.RootElement.GetProperty("outputs").EnumerateArray().Select(output => output.GetProperty("name").GetString()));
    }

    [Theory]
    [InlineData("", """[{"name":"m","version":"1.0.0","state":"READY","reason":""},{"name":"cold","version":"","state":"LOADING","reason":"it is being loaded"}]""")]
    [InlineData("""{"ready":true}""", """[{"name":"m","version":"1.0.0","state":"READY","reason":""}]""")]
    [InlineData("[]", """{"error":"the body must be a JSON object, or empty"}""")]
    [InlineData("{", """{"error":"the body must be a JSON object, or empty"}""")]
    public async Task Index_ListsTheModels(string body, string expected)
    {
        await using var server = await HttpTestServer.StartAsync(allReady: false);
        using var response = await server.Client.PostAsync("/v2/repository/index", HttpTestServer.Body(body), Cancellation);
        Assert.Equal(expected, await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task Hooks_AreCalledAndTheirOutcomesTold()
    {
        var asked = new List<string>();
        await using var server = await HttpTestServer.StartAsync(hooks: new HttpHooks
        {
            Load = (name, version, _) => Done($"load {name} {version}", Outcome.Ok),
            Unload = (name, version, _) => Done($"unload {name} {version}", new Outcome(RefusalReason.NotInService, "busy", TimeSpan.FromMilliseconds(1500))),
            Metrics = to => System.Buffers.BuffersExtensions.Write(to, "up 1\n"u8),
        });
        using var loaded = await server.Client.PostAsync("/v2/repository/models/m/load", null, Cancellation);
        using var unloaded = await server.Client.PostAsync("/v2/repository/models/m/unload", HttpTestServer.Body("{}"), Cancellation);
        using var one = await server.Client.PostAsync("/v2/repository/models/m/load", HttpTestServer.Body("""{"parameters":{"version":"1.0.0","other":1}}"""), Cancellation);
        using var noSuch = await server.Client.PostAsync("/v2/repository/models/m/load", HttpTestServer.Body("""{"parameters":{"version":"2"}}"""), Cancellation);
        using var noVersion = await server.Client.PostAsync("/v2/repository/models/m/load", HttpTestServer.Body("""{"parameters":{"version":2}}"""), Cancellation);
        using var unknown = await server.Client.PostAsync("/v2/repository/models/other/load", null, Cancellation);
        using var metrics = await server.Client.GetAsync("/metrics", Cancellation);
        Assert.Equal([200, 503, 200, 404, 400, 404, 200], new[] { loaded, unloaded, one, noSuch, noVersion, unknown, metrics }.Select(response => (int)response.StatusCode));
        Assert.Equal(["load m ", "unload m ", "load m 1.0.0"], asked);
        Assert.Equal(("2", "1500"), (unloaded.Headers.GetValues("retry-after").Single(), unloaded.Headers.GetValues("retry-after-ms").Single()));
        Assert.Equal(("text/plain; version=0.0.4; charset=utf-8", "up 1\n"), (metrics.Content.Headers.ContentType!.ToString(), await metrics.Content.ReadAsStringAsync(Cancellation)));

        Task<Outcome> Done(string what, Outcome outcome)
        {
            asked.Add(what);
            return Task.FromResult(outcome);
        }
    }

    [Fact]
    public async Task Infer_LargeTensorBothWays_ArrivesWhole()
    {
        await using var server = await HttpTestServer.StartAsync();
        var data = new byte[12 << 20];
        var random = new Random(1);
        foreach (ref float value in MemoryMarshal.Cast<byte, float>(data.AsSpan())) value = random.NextSingle();
        var header = $$$"""{"inputs":[{"name":"x","shape":[3,1048576],"datatype":"FP32","parameters":{"binary_data_size":{{{data.Length}}}}}]}""";
        using var content = new ByteArrayContent([.. Encoding.UTF8.GetBytes(header), .. data]);
        content.Headers.Add("Inference-Header-Content-Length", $"{header.Length}");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/models/m/infer") { Content = content };
        request.Headers.Accept.ParseAdd("application/octet-stream");
        using var response = await server.Client.SendAsync(request, Cancellation);
        var answer = await response.Content.ReadAsByteArrayAsync(Cancellation);
        Assert.True(answer.AsSpan(answer.Length - data.Length).SequenceEqual(data));
        await HttpRawTests.UntilAsync(() => server.Front.Budget.Used == 0 && server.Admitted.Active == 0);
    }

    [Fact]
    public async Task UnixSocket_OfAKilledProcess_IsTakenOver()
    {
        using var folder = new TempFolder();
        var path = folder["http.sock"];
        using (var old = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            old.Bind(new UnixDomainSocketEndPoint(folder["bound.sock"]));
            File.Move(folder["bound.sock"], path); // out of the sight of whoever would remove it
        }
        Assert.True(File.Exists(path));
        await using var server = await HttpTestServer.StartAsync(new HttpSettings { UnixSocket = path });
        using var client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
        Assert.Equal("""{"live":true}""", await client.GetStringAsync("http://localhost/v2/health/live", Cancellation));
    }
}
