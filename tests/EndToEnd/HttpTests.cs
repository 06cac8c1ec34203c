using System.Net;
using System.Text;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Brokers;
using EdgeRuntime.TestKit.Processes;
using Xunit;

namespace EdgeRuntime.EndToEnd.Tests;

/// <summary>The published runtime over HTTP: an outside client written from the published protocol, and life without a broker.</summary>
public sealed class HttpTests : IDisposable
{
    private const string Request = """{"inputs":[{"name":"x","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]}""";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task OutsideClient_EveryRequestAndErrorOfTheProtocol_Passes()
    {
        await using var device = await HttpDevice.StartAsync(_folder);
        var run = await ProcessRun.RunAsync("/usr/bin/python3", Path.Combine(RepositoryPaths.Root, "tests/EndToEnd/data/open_inference_client.py"), "127.0.0.1", $"{device.Port}", "echo", "x", "y");
        Assert.True(run.ExitCode == 0, run.Output + run.Error + device.Log);
        Assert.EndsWith("cases, 0 failed\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExampleClient_OverHttp_GetsItsAnswer()
    {
        await using var device = await HttpDevice.StartAsync(_folder);
        await File.WriteAllTextAsync(_folder["request.json"], Request, TestContext.Current.CancellationToken);
        var run = (await ProcessRun.RunAsync("/usr/bin/python3", Path.Combine(RepositoryPaths.Root, "examples/python/infer_http.py"), $"http://127.0.0.1:{device.Port}", "echo", _folder["request.json"])).Expect();
        Assert.Equal("""{"status": "OK", "variant": "fp32", "route": "local", "outputs": {"y": [1, 2, 3, 4]}}""" + "\n", run.Output);
    }

    [Fact]
    public async Task NoBroker_HttpServes_AndStopsCleanly()
    {
        await using var device = await HttpDevice.StartAsync(_folder);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(device));
        Assert.Equal(0, await device.StopAsync());
        Assert.DoesNotContain("warning", device.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BrokerThatIsNotThere_HttpServes_AndStopsCleanly()
    {
        await using var device = await HttpDevice.StartAsync(_folder, """ "broker":{"host":"127.0.0.1","port":1}, """);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(device));
        Assert.Equal(0, await device.StopAsync());
    }

    [Fact]
    public async Task BrokerKilledUnderLoad_NoHttpRequestFails()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var device = await HttpDevice.StartAsync(_folder, $$""" "broker":{"host":"127.0.0.1","port":{{broker.Port}}}, """);
        for (int i = 0; i < 300; i++)
        {
            if (i == 100) await broker.KillAsync();
            if (i == 200) await broker.RestartAsync();
            Assert.Equal(HttpStatusCode.OK, await AskAsync(device));
        }
    }

    [Fact]
    public async Task Terminate_UnderLoad_EveryRequestIsAnsweredOrTheConnectionRefused()
    {
        await using var device = await HttpDevice.StartAsync(_folder);
        using var stop = new CancellationTokenSource();
        var asking = Enumerable.Range(0, 8).Select(_ => Task.Run(() => AskUntilRefusedAsync(device))).ToList();
        await Task.Delay(300, TestContext.Current.CancellationToken);
        Assert.Equal(0, await device.StopAsync());
        Assert.All(await Task.WhenAll(asking), answered => Assert.True(answered > 0));
    }

    // Until the device is gone: 200 before, 503 on the way, and then no connection; nothing that hangs, nothing half answered.
    private static async Task<int> AskUntilRefusedAsync(HttpDevice device)
    {
        for (int answered = 0; ; answered++)
        {
            try
            {
                Assert.Contains(await AskAsync(device), (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable]);
            }
            catch (HttpRequestException)
            {
                return answered;
            }
        }
    }

    private static async Task<HttpStatusCode> AskAsync(HttpDevice device)
    {
        using var content = new StringContent(Request, Encoding.UTF8, "application/json");
        using var response = await device.Client.PostAsync("/v2/models/echo/infer", content);
        await response.Content.ReadAsByteArrayAsync();
        return response.StatusCode;
    }
}
