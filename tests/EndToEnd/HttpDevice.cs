using System.Net;
using System.Net.Sockets;
using EdgeRuntime.TestKit;
using EdgeRuntime.TestKit.Brokers;
using EdgeRuntime.TestKit.Bundles;
using EdgeRuntime.TestKit.Models;
using EdgeRuntime.TestKit.Processes;

namespace EdgeRuntime.EndToEnd.Tests;

/// <summary>The published edge-runtime with HTTP on a port of its own: an identity model <c>echo</c>, and what a test adds. Watched over HTTP.</summary>
internal sealed class HttpDevice : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly RunningProcess _process;

    private HttpDevice(RunningProcess process, int port)
    {
        (_process, Port) = (process, port);
        Client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(30) };
    }

    public int Port { get; }
    public HttpClient Client { get; }
    public string Log => _process.Log;

    /// <summary>Starts a device and waits until it says that it is ready.</summary>
    /// <param name="folder">Where its files are.</param>
    /// <param name="broker">The section broker with a comma after it, or nothing.</param>
    /// <param name="models">More models, each with a comma before it.</param>
    /// <param name="keys">More keys, each with a comma before it.</param>
    /// <param name="target">The target that all bundles are for.</param>
    public static async Task<HttpDevice> StartAsync(TempFolder folder, string broker = "", string models = "", string keys = "", string target = "x86-avx2")
    {
        var bundles = new BundleMaker(folder.Path);
        var (bundle, port) = (bundles.Make("echo", TestModels.Identity(), target), MosquittoBroker.FreePort());
        await File.WriteAllTextAsync(folder["http.json"], $$$"""
            {"fleet":"lab","device":"dev-http","root":"root","target":"{{{target}}}",{{{broker}}}"http":{"port":{{{port}}}},
             "models":[{"name":"echo","source":"{{{bundle}}}"}{{{models}}}],"trust":{"keys":["{{{bundles.TrustedKey}}}"{{{keys}}}]}}
            """);
        var device = new HttpDevice(RunningProcess.Start(RepositoryPaths.Program("edge-runtime"), ["run", "--config", folder["http.json"]]), port);
        try
        {
            await device.WaitUntilReadyAsync();
            return device;
        }
        catch
        {
            await device.DisposeAsync(); // its process too
            throw;
        }
    }

    public Task<int> StopAsync() => _process.StopAsync(Patience);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _process.DisposeAsync();
    }

    private async Task WaitUntilReadyAsync()
    {
        using var late = new CancellationTokenSource(Patience);
        while (!await IsReadyAsync(late.Token))
        {
            if (_process.HasExited || late.IsCancellationRequested) throw new TimeoutException($"the device did not become ready\n{Log}");
            await Task.Delay(20, CancellationToken.None);
        }
    }

    private async Task<bool> IsReadyAsync(CancellationToken late)
    {
        try
        {
            using var response = await Client.GetAsync("/v2/health/ready", late);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }
}
