using System.Diagnostics;
using System.Text;
using System.Text.Json;
using EdgeRuntime.Offload.Tests.Support;
using EdgeRuntime.TestKit.Brokers;
using EdgeRuntime.TestKit.Models;
using Xunit;

namespace EdgeRuntime.Offload.Tests.Execution;

/// <summary>A cluster that is slow, full, silent, gone and back: each request is answered here, or refused in time.</summary>
public sealed class ClusterLossTests : IAsyncLifetime
{
    private TestCluster _cluster = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _cluster = await TestCluster.StartAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Theory]
    [InlineData("http")]
    [InlineData("grpc")]
    public async Task Ask_ClusterGoesAndComesBack_BundleAnswersMeanwhileAndTheBeaconSaysSo(string protocol)
    {
        var relay = new TcpRelay(Url(protocol).Port);
        await using var server = await Server(protocol, relay.Port).With("echo", TestModels.Identity()).StartWithClusterAsync();
        Assert.Equal("offload", (await server.AskAsync("echo")).Properties["route"]);
        await relay.DisposeAsync();
        for (int i = 0; i < 5; i++)
        {
            var answer = await server.AskAsync("echo");
            Assert.Equal(("OK", "local"), (answer.Status, answer.Properties["route"]));
        }
        await server.WaitForBeaconAsync(beacon => Executor(beacon) == "cpu" && beacon.GetProperty("models").GetArrayLength() == 1);
        Assert.Equal("no_server", (await server.AskAsync("echo", properties: ("offload", "only"))).Reason); // who wants no CPU says so
        await using var again = new TcpRelay(Url(protocol).Port, relay.Port);
        await server.WaitForBeaconAsync(beacon => Executor(beacon) == "cluster");
        await UntilAsync(server, "offload");
    }

    [Fact]
    public async Task Ask_ClusterIsGoneAndHadItAlone_IsRefusedAtOnceAndTheBeaconLacksIt()
    {
        var relay = new TcpRelay(_cluster.Http.Port);
        await using var server = await Server("http", relay.Port).With("echo").StartWithClusterAsync();
        Assert.Equal("OK", (await server.AskAsync("echo")).Status);
        await relay.DisposeAsync();
        var watch = Stopwatch.StartNew();
        var answer = await server.AskAsync("echo");
        Assert.Equal(("UNAVAILABLE", "no_server"), (answer.Status, answer.Reason));
        Assert.InRange(long.Parse(answer.Properties["retry-after-ms"]), 1, 60_000);
        await server.WaitForBeaconAsync(beacon => beacon.GetProperty("models").GetArrayLength() == 0);
        Assert.Equal("no_server", (await server.AskAsync("echo")).Reason);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(3), $"{watch.Elapsed}"); // of a deadline of 20 s
    }

    [Fact]
    public async Task Cancel_RequestThatTheClusterWorksOn_IsGivenUpForItsDeviceAlone()
    {
        _cluster.Trouble = Trouble.HangBeforeHead;
        await using var server = await Server().With("echo").StartWithClusterAsync();
        var correlation = server.Send("echo", Encoding.UTF8.GetBytes(TestServer.Numbers), "application/json");
        while (_cluster.Timeouts.IsEmpty) await Task.Delay(5, Cancellation); // until the call is there
        server.Cancel(correlation, "dev-2");
        server.Cancel(correlation);
        var answer = await server.AnswerAsync(correlation);
        Assert.Equal(("CANCELLED", "cancelled"), (answer.Status, answer.Reason));
        Assert.True(await _cluster.GivenUp.WaitAsync(TimeSpan.FromSeconds(10), Cancellation));
    }

    [Fact]
    public async Task Ask_ClusterHangs_BundleAnswersInTimeAndTheCallIsGivenUp()
    {
        await using var server = await Server().With("echo", TestModels.Identity()).StartWithClusterAsync();
        _cluster.Trouble = Trouble.HangBeforeHead;
        var answer = await server.AskAsync("echo", deadlineMs: 600);
        Assert.Equal(("OK", "local"), (answer.Status, answer.Properties["route"]));
        Assert.True(await _cluster.GivenUp.WaitAsync(TimeSpan.FromSeconds(10), Cancellation));
    }

    [Fact]
    public async Task Ask_ClusterHangsAndHasItAlone_IsToldSoBeforeTheDeadlineAndTheNextAreRefusedWithinASecond()
    {
        await using var server = await Server().With("echo").StartWithClusterAsync();
        Assert.Equal("OK", (await server.AskAsync("echo")).Status);
        _cluster.Trouble = Trouble.HangBeforeHead;
        var watch = Stopwatch.StartNew();
        var hanging = server.Send("echo", Encoding.UTF8.GetBytes(TestServer.Numbers), "application/json", 3000);
        while ((await server.AskAsync("echo", deadlineMs: 100)).Reason != "no_server") await Task.Delay(20, Cancellation);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), $"the breaker opened after {watch.Elapsed}"); // 1 s, and what a test machine takes
        var late = await server.AnswerAsync(hanging);
        Assert.Equal(("DEADLINE_EXCEEDED", "deadline"), (late.Status, late.Reason));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(3.5), $"{watch.Elapsed}");
        _cluster.Trouble = Trouble.None;
        await UntilAsync(server, "offload");
    }

    [Fact]
    public async Task Ask_ClusterIsFull_IsToldWhenToComeAgainAndItIsLeftAloneUntilThen()
    {
        await using var server = await Server().With("echo").StartWithClusterAsync();
        _cluster.Trouble = Trouble.Overloaded;
        var first = await server.AskAsync("echo");
        Assert.Equal(("RESOURCE_EXHAUSTED", "server_busy", "2000"), (first.Status, first.Reason, first.Properties["retry-after-ms"]));
        Assert.Equal(1, _cluster.Arrived.CurrentCount);
        var second = await server.AskAsync("echo");
        Assert.Equal("server_busy", second.Reason);
        Assert.InRange(long.Parse(second.Properties["retry-after-ms"]), 1, 2000);
        Assert.Equal(1, _cluster.Arrived.CurrentCount);
    }

    [Fact]
    public async Task Ask_MoreThanTheClusterBears_IsRefusedAtOnceButForHigherPriorities()
    {
        await using var server = await Server().With("echo").StartWithClusterAsync();
        _cluster.Trouble = Trouble.HangBeforeHead;
        for (int i = 0; i < 4; i++) server.Send("echo", Encoding.UTF8.GetBytes(TestServer.Numbers), "application/json", 20_000);
        var refused = await server.AskAsync("echo");
        Assert.Equal(("RESOURCE_EXHAUSTED", "server_busy"), (refused.Status, refused.Reason));
        Assert.Contains("4 calls under way", refused.Text, StringComparison.Ordinal);
        server.Send("echo", Encoding.UTF8.GetBytes(TestServer.Numbers), "application/json", 20_000, ("priority", "9"));
        for (int i = 0; i < 5; i++) Assert.True(await _cluster.Arrived.WaitAsync(TimeSpan.FromSeconds(10), Cancellation));
    }

    [Theory]
    [InlineData("Crash")]
    [InlineData("OtherShape")]
    public async Task Ask_AnswersAreOfNoUse_AreFailuresAndAfterFiveItIsLeftAlone(string trouble)
    {
        await using var server = await Server().With("echo").StartWithClusterAsync();
        _cluster.Trouble = Enum.Parse<Trouble>(trouble);
        for (int i = 0; i < 5; i++) Assert.Equal(("INTERNAL", "failed"), Told(await server.AskAsync("echo")));
        Assert.Equal(("UNAVAILABLE", "no_server"), Told(await server.AskAsync("echo")));
        _cluster.Trouble = Trouble.None;
        await UntilAsync(server, "offload");
    }

    [Fact]
    public async Task Ask_ModelThatTheClusterHasNotReady_IsRefusedInItsWords()
    {
        await using var server = await Server().With("cold").With("nowhere").With("echo").StartAsync();
        await server.WaitForBeaconAsync(beacon => beacon.GetProperty("models").GetArrayLength() == 1);
        Assert.Equal(("UNAVAILABLE", "no_server"), Told(await server.AskAsync("cold")));
        var unknown = await server.AskAsync("nowhere");
        Assert.Equal("no_server", unknown.Reason);
        Assert.Contains("no model 'nowhere'", server.Log, StringComparison.Ordinal);
        Assert.Equal("OK", (await server.AskAsync("echo")).Status);
    }

    [Fact]
    public async Task Start_ClustersModelIsNotTheBundles_IsNotAskedForIt()
    {
        await using var server = await Server().With("pair", TestModels.Identity()).StartAsync();
        while (!server.Log.Contains("it has no input 'x', which the bundle has, only 'a', 'b'", StringComparison.Ordinal)) await Task.Delay(20, Cancellation);
        Assert.Equal("local", (await server.AskAsync("pair")).Properties["route"]);
    }

    [Fact]
    public async Task Post_ClientGoesAway_TheCallIsGivenUp()
    {
        await using var server = await new TestServer { Executor = TestServer.Cluster(_cluster.Http), HasHttp = true }.With("echo").StartWithClusterAsync();
        _cluster.Trouble = Trouble.HangBeforeHead;
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var asking = server.Http.PostAsync("/v2/models/echo/infer", new StringContent(TestServer.Numbers, Encoding.UTF8, "application/json"), gone.Token);
        Assert.True(await _cluster.Arrived.WaitAsync(TimeSpan.FromSeconds(10), Cancellation));
        await gone.CancelAsync();
        Assert.True(await _cluster.GivenUp.WaitAsync(TimeSpan.FromSeconds(10), Cancellation));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        _cluster.Trouble = Trouble.None;
        Assert.Equal("OK", (await server.AskAsync("echo")).Status);
    }

    [Fact]
    public async Task Stop_CallIsUnderWay_IsAnsweredBeforeTheServerIsOffline()
    {
        await using var server = await Server().With("echo").StartWithClusterAsync();
        var release = new TaskCompletionSource();
        _cluster.Handler = async context =>
        {
            await release.Task;
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync("""{"model_name":"echo","id":"7","outputs":[{"name":"y","datatype":"FP32","shape":[1,4],"data":[1,2,3,4]}]}"""u8.ToArray(), Cancellation);
        };
        var correlation = server.Send("echo", Encoding.UTF8.GetBytes(TestServer.Numbers), "application/json");
        var stopping = server.StopAsync();
        await Task.Delay(200, Cancellation);
        Assert.False(stopping.IsCompleted);
        release.SetResult();
        await stopping;
        Assert.Equal("OK", (await server.AnswerAsync(correlation)).Status);
    }

    private Uri Url(string protocol) => protocol == "http" ? _cluster.Http : _cluster.Grpc;

    private TestServer Server(string protocol = "http", int? port = null) =>
        new() { Executor = TestServer.Cluster(new UriBuilder(Url(protocol)) { Port = port ?? Url(protocol).Port }.Uri, protocol) };

    private static (string? Status, string? Reason) Told(TestKit.Links.SentMessage answer) => (answer.Status, answer.Reason);

    private static string? Executor(JsonElement beacon) => beacon.GetProperty("executor").GetString();

    private static async Task UntilAsync(TestServer server, string route)
    {
        var watch = Stopwatch.StartNew();
        while ((await server.AskAsync("echo")).Properties.GetValueOrDefault("route") != route)
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), server.Log);
            await Task.Delay(50, Cancellation);
        }
    }
}
