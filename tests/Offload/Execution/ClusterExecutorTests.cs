using System.Text;
using System.Text.Json;
using EdgeRuntime.Bundles;
using EdgeRuntime.Offload.Tests.Support;
using EdgeRuntime.Serving.Tests.Http;
using EdgeRuntime.TestKit.Bundles;
using EdgeRuntime.TestKit.Images;
using EdgeRuntime.TestKit.Models;
using Xunit;

namespace EdgeRuntime.Offload.Tests.Execution;

/// <summary>A whole server in front of a cluster: what a device gets for its requests.</summary>
public sealed class ClusterExecutorTests : IAsyncLifetime
{
    private TestCluster _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await TestCluster.StartAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Theory]
    [InlineData("http")]
    [InlineData("grpc")]
    public async Task Ask_ModelOfTheClusterAlone_IsAnsweredByIt(string protocol)
    {
        await using var server = await Server(protocol).With("echo").StartWithClusterAsync();
        for (int i = 0; i < 3; i++) // the second and third call use what the first has left
        {
            var answer = await server.AskAsync("echo");
            Assert.Equal(("OK", "offload", "cluster", "3"), (answer.Status, answer.Properties["route"], answer.Properties["variant"], answer.Properties["model-version"]));
            Assert.Equal("""{"model_name":"echo","model_version":"3","id":"7","outputs":[{"name":"y","datatype":"FP32","shape":[1,4],"data":[1,2.5,-3,4]}]}""", answer.Text);
        }
        Assert.Equal(3, _cluster.Seen.Count);
        Assert.InRange(long.Parse((await server.AskAsync("echo")).Properties["compute-us"]), 1, 20_000_000);
    }

    [Fact]
    public async Task Ask_ModelThatIsNamedOtherwiseThere_KeepsItsNameHere()
    {
        await using var server = await Server().With("speech", ""","cluster":{"name":"echo","version":"1"}""").StartWithClusterAsync();
        Assert.StartsWith("""{"model_name":"speech","model_version":"1",""", (await server.AskAsync("speech")).Text, StringComparison.Ordinal);
        Assert.Equal(("echo", "1"), (_cluster.Seen.Single().Model, _cluster.Seen.Single().Version));
    }

    [Fact]
    public async Task Ask_EdgeRuntimeBehindIt_IsAnsweredByThat()
    {
        await using var device = await HttpTestServer.StartAsync();
        await using var server = await new TestServer { Executor = TestServer.Cluster(device.Client.BaseAddress!) }.With("m").StartWithClusterAsync();
        var answer = await server.AskAsync("m", properties: ("accept", "application/octet-stream"));
        Assert.Equal(("OK", "offload", "application/octet-stream"), (answer.Status, answer.Properties["route"], answer.ContentType));
    }

    [Fact]
    public async Task Ask_BundleWithPostprocessing_IsAnsweredAsTheBundleWould()
    {
        await using var server = await Server().With("echo", TestModels.Identity(), TopOne).StartWithClusterAsync();
        var answer = await server.AskAsync("echo");
        Assert.Equal(("OK", "offload"), (answer.Status, answer.Properties["route"]));
        Assert.Contains("""{"name":"index","datatype":"INT64","shape":[1,1],"data":[3]}""", answer.Text, StringComparison.Ordinal);
        var raw = await server.AskAsync("echo", TestServer.Numbers[..^1] + ""","outputs":[{"name":"y"}]}""");
        Assert.Contains("""{"name":"y","datatype":"FP32","shape":[1,4],"data":[1,2.5,-3,4]}""", raw.Text, StringComparison.Ordinal);
        var here = await server.AskAsync("echo", properties: ("offload", "never"));
        Assert.Equal(("local", Outputs(answer.Text)), (here.Properties["route"], Outputs(here.Text)));
    }

    [Fact]
    public async Task Ask_Image_IsMadeATensorByTheBundle()
    {
        await using var server = await Server().With("any", TestModels.Identity(1, 1, 3, 48, -1), BundleEdits.TakesImages).StartWithClusterAsync();
        var answer = await server.AnswerAsync(server.Send("any", Png.Encode(16, 48, new byte[16 * 48 * 3]), "image/png"));
        Assert.Equal(("OK", "offload"), (answer.Status, answer.Properties["route"]));
        Assert.Equal([1, 3, 48, 16], _cluster.Seen.Single().Inputs.Single().Shape);
    }

    [Fact]
    public async Task Ask_ImageAndNoBundle_IsRefusedAsWhatItIs()
    {
        await using var server = await Server().With("any").StartWithClusterAsync();
        var answer = await server.AnswerAsync(server.Send("any", Png.Encode(16, 48, new byte[16 * 48 * 3]), "image/png"));
        Assert.Equal(("INVALID_ARGUMENT", "malformed"), (answer.Status, answer.Reason));
        Assert.Contains("takes no images: the cluster has it alone", answer.Text, StringComparison.Ordinal);
        Assert.Empty(_cluster.Seen);
    }

    [Theory]
    [InlineData("{", "INVALID_ARGUMENT", "malformed")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","data":[1,2,3]}]}""", "INVALID_ARGUMENT", "malformed")]
    public async Task Ask_WrongRequest_IsToldSoAndHarmsNoOther(string json, string status, string reason)
    {
        await using var server = await Server().With("echo").StartWithClusterAsync();
        for (int i = 0; i < 7; i++)
        {
            var answer = await server.AskAsync("echo", json);
            Assert.Equal((status, reason), (answer.Status, answer.Reason));
        }
        Assert.Equal("OK", (await server.AskAsync("echo")).Status);
    }

    [Fact]
    public async Task Ask_WishesThatTheClusterCannotGrant_AreRefused()
    {
        await using var server = await Server().With("echo", ""","cluster":{"quality":0.9}""").StartWithClusterAsync();
        Assert.Equal("unfit", (await server.AskAsync("echo", properties: ("min-quality", "0.95"))).Reason);
        Assert.Equal("unknown_version", (await server.AskAsync("echo", properties: ("model-version", "9"))).Reason);
        Assert.Equal("not_in_service", (await server.AskAsync("echo", properties: ("offload", "never"))).Reason);
        Assert.Empty(_cluster.Seen);
    }

    [Fact]
    public async Task Describe_ModelOfTheClusterAlone_IsToldInItsWords()
    {
        _cluster.Ready = false;
        await using var server = await new TestServer { Executor = TestServer.Cluster(_cluster.Http), HasHttp = true }.With("speech", ""","cluster":{"name":"echo"}""").StartAsync();
        var cancellation = TestContext.Current.CancellationToken;
        Assert.Equal(503, (int)(await server.Http.GetAsync("/v2/health/ready", cancellation)).StatusCode);
        _cluster.Ready = true;
        await server.WaitForBeaconAsync(beacon => beacon.GetProperty("models").GetArrayLength() == 1);
        Assert.Equal(200, (int)(await server.Http.GetAsync("/v2/health/ready", cancellation)).StatusCode);
        Assert.Equal(200, (int)(await server.Http.GetAsync("/v2/models/speech/ready", cancellation)).StatusCode);
        Assert.Equal(
            """{"name":"speech","versions":["1","3"],"platform":"test_platform","inputs":[{"name":"x","datatype":"FP32","shape":[-1,4]}],"outputs":[{"name":"y","datatype":"FP32","shape":[-1,4]}]}""",
            await server.Http.GetStringAsync("/v2/models/speech", cancellation));
    }

    private TestServer Server(string protocol = "http") => new() { Executor = TestServer.Cluster(protocol == "http" ? _cluster.Http : _cluster.Grpc, protocol) };

    private static Manifest TopOne(BundleWriter writer, Manifest manifest) =>
        manifest with { Postprocessing = [new PostprocessStep { Kind = PostprocessStep.TopK, Output = "y", K = 1 }] };

    private static string Outputs(string json) => JsonDocument.Parse(json).RootElement.GetProperty("outputs").GetRawText();
}
