using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Offload.Cluster;
using EdgeRuntime.Offload.Tests.Support;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace EdgeRuntime.Offload.Tests.Cluster.Http;

/// <summary>Over HTTP with binary sections, as the server's metadata says that it takes them.</summary>
public sealed class HttpClusterClientTests : ClusterContract
{
    private protected override ClusterOptions Options(TestCluster cluster) => new() { Url = cluster.Http, Connections = 4 };

    private protected override Trouble[] BadMessages =>
    [
        Trouble.Malformed, Trouble.WrongLength, Trouble.TrailingBytes, Trouble.HugeBody, Trouble.EndlessBody, Trouble.EmptyBody, Trouble.NoTensors,
        Trouble.HeaderBeyondBody, Trouble.HeaderNoNumber, Trouble.ErrorUnder200,
    ];

    [Fact]
    public async Task Infer_ManyAtOnce_KeepToTheConnections()
    {
        await Infer_ManyAtOnce_AreAllAnsweredWithTheirOwn();
        Assert.InRange(Cluster.MostAtOnce, 1, 4);
    }

    [Fact]
    public async Task Infer_AllConnectionsTaken_IsLateAndNotForever()
    {
        await AssertServesAsync();
        Cluster.Trouble = Trouble.HangBeforeHead;
        var calls = Enumerable.Range(0, 6).Select(_ => Client.InferAsync(new ClusterModel(ServedModels.Echo), Requests.Echo(), new ClusterExchange(), TimeSpan.FromMilliseconds(500), Cancellation));
        Assert.All(await Task.WhenAll(calls).WaitAsync(Ample, Cancellation), outcome => Assert.Equal(ClusterFault.Late, outcome.Fault));
    }

    [Fact]
    public async Task Infer_RetryAfterADate_IsWhatIsLeftUntilThen()
    {
        Cluster.Trouble = Trouble.UnavailableUntilDate;
        Assert.Equal(TimeSpan.FromSeconds(3), (await InferAsync(ServedModels.Echo, Requests.Echo())).RetryAfter);
    }

    [Theory]
    [InlineData("retry-after-ms", "1500", 1500)]
    [InlineData("retry-after-ms", "99999999999", 600_000)]
    [InlineData("retry-after-ms", "-1", null)]
    [InlineData("Retry-After", "86400", 600_000)]
    [InlineData("Retry-After", "soon", null)]
    public async Task Infer_RetryAfter_IsBounded(string header, string value, int? milliseconds)
    {
        Cluster.Handler = context =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers[header] = value;
            return Task.CompletedTask;
        };
        var outcome = await InferAsync(ServedModels.Echo, Requests.Echo());
        Assert.Equal(milliseconds, outcome.RetryAfter?.TotalMilliseconds);
    }

    [Theory]
    [InlineData(400, InferenceStatus.InvalidArgument)]
    [InlineData(401, InferenceStatus.Internal)]
    [InlineData(403, InferenceStatus.Internal)]
    [InlineData(404, InferenceStatus.NotFound)]
    [InlineData(408, InferenceStatus.DeadlineExceeded)]
    [InlineData(413, InferenceStatus.InvalidArgument)]
    [InlineData(429, InferenceStatus.ResourceExhausted)]
    [InlineData(500, InferenceStatus.Internal)]
    [InlineData(501, InferenceStatus.Internal)]
    [InlineData(502, InferenceStatus.Unavailable)]
    [InlineData(503, InferenceStatus.Unavailable)]
    [InlineData(504, InferenceStatus.DeadlineExceeded)]
    [InlineData(204, InferenceStatus.Internal)]
    public async Task Infer_StatusCode_HasItsMeaning(int code, InferenceStatus status)
    {
        Cluster.Handler = context =>
        {
            context.Response.StatusCode = code;
            return Task.CompletedTask;
        };
        var outcome = await InferAsync(ServedModels.Echo, Requests.Echo());
        Assert.Equal((status, ClusterFault.Refused), (outcome.Status, outcome.Fault));
        Assert.Contains($"HTTP {code}", outcome.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Infer_RefusalWithAnEndlessText_IsARefusal()
    {
        Cluster.Handler = async context =>
        {
            context.Response.StatusCode = 400;
            while (!context.RequestAborted.IsCancellationRequested) await context.Response.Body.WriteAsync(new byte[64 << 10]);
        };
        var outcome = await InferAsync(ServedModels.Echo, Requests.Echo());
        Assert.Equal((InferenceStatus.InvalidArgument, ClusterFault.Refused), (outcome.Status, outcome.Fault));
        Assert.InRange(outcome.Message.Length, 1, 500);
    }

    [Theory]
    [InlineData(true, "", InferenceStatus.Ok)]
    [InlineData(true, "true", InferenceStatus.Ok)]
    [InlineData(true, """{"ready":false}""", InferenceStatus.Unavailable)]
    [InlineData(true, "false", InferenceStatus.Unavailable)]
    [InlineData(true, "<html>", InferenceStatus.Internal)]
    [InlineData(true, """{"ready":"yes"}""", InferenceStatus.Internal)]
    [InlineData(false, "", InferenceStatus.Unavailable)]
    public async Task Ready_InWhateverForm_IsUnderstood(bool ok, string body, InferenceStatus status)
    {
        Cluster.Handler = context =>
        {
            context.Response.StatusCode = ok ? 200 : 503;
            return context.Response.WriteAsync(body);
        };
        Assert.Equal(status, (await Client.ServerReadyAsync(Ample, Cancellation)).Status);
    }

    [Fact]
    public async Task Url_WithAPath_IsTheServersRoot()
    {
        var asked = "";
        Cluster.Handler = context =>
        {
            asked = context.Request.Path.Value!;
            return Task.CompletedTask;
        };
        using var client = ClusterClients.Open(new ClusterOptions { Url = new Uri(Cluster.Http, "/serving/ns") }, TimeProvider.System);
        await client.ModelReadyAsync(new ClusterModel("a b", "1"), Ample, Cancellation);
        Assert.Equal("/serving/ns/v2/models/a b/versions/1/ready", asked);
    }
}
