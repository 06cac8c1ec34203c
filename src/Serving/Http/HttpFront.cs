using System.Net.Sockets;
using EdgeRuntime.Serving.Admission;
using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.Serving.Lanes;
using EdgeRuntime.Serving.Logging;
using EdgeRuntime.Serving.Responses;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace EdgeRuntime.Serving.Http;

/// <summary>
/// The way in over HTTP/1.1: Kestrel without host, routing and dependency injection. Serves from its start until it is stopped, whatever becomes
/// of the broker. Made only where HTTP is configured.
/// </summary>
internal sealed class HttpFront : IAsyncDisposable
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);

    private readonly HttpSettings _http;
    private readonly LimitSettings _limits;
    private readonly EventLog _log;
    private readonly TimeProvider _time;
    private readonly HttpConnections _connections;
    private readonly HttpApplication _application;
    private readonly TaskCompletionSource<string> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private KestrelServer? _server;

    /// <param name="settings">Of which HTTP is configured.</param>
    /// <param name="gate">Decides of inference requests.</param>
    /// <param name="lanes">The models.</param>
    /// <param name="counters">Where answers are counted.</param>
    /// <param name="hooks">What other parts do.</param>
    /// <param name="log">Where events go; never what a request held.</param>
    /// <param name="time">The clock.</param>
    public HttpFront(ServingSettings settings, RequestGate gate, ModelLanes lanes, ResponseCounters counters, HttpHooks hooks, EventLog log, TimeProvider time)
    {
        (_http, _limits, _log, _time) = (settings.Http!, settings.Limits, log, time);
        Budget = new ByteBudget(Math.Max(settings.Limits.QueueBytes.Bytes, 2 * settings.Limits.PayloadBytes.Bytes));
        var versions = new ModelVersions(lanes, settings.Who);
        var tls = _http.Tls is { } files ? new TlsDoor(files, time) : null;
        _connections = new HttpConnections(tls, Math.Max(1, _http.Connections / 2), Budget, counters, time);
        _application = new HttpApplication(new InferEndpoint(settings, gate, versions, hooks, counters, time), new DescribeEndpoint(lanes, versions, hooks),
            new RepositoryEndpoint(lanes, versions, hooks, Budget), hooks, log);
    }

    public ByteBudget Budget { get; }

    /// <summary>Connections that are open now.</summary>
    public int Connections => _connections.Open;

    /// <summary>Ends when it listens, with the address.</summary>
    public Task<string> Listening => _listening.Task;

    /// <summary>Listens; where the address is taken, tries again until it is free or <paramref name="stop"/>.</summary>
    public async Task StartAsync(CancellationToken stop)
    {
        for (bool told = false; !stop.IsCancellationRequested; told = true)
        {
            try
            {
                _server = KestrelOptions.Server(_http, _limits, _connections);
                await _server.StartAsync(_application, stop).ConfigureAwait(false);
                var address = KestrelOptions.AddressOf(_server);
                _listening.TrySetResult(address);
                _log.Info("http", $"listening on {address}{(_http.Tls is null ? "" : " (TLS, certificates at both ends)")}");
                return;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (error is IOException or SocketException or UnauthorizedAccessException)
            {
                if (!told) _log.Error("http", $"{error.Message} (trying on)");
                _server!.Dispose();
                _server = null;
            }
            await Task.Delay(Retry, _time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Connections end with their next answer.</summary>
    public void Close() => _application.Close();

    /// <summary>Takes no more connections, and ends those that are open once their requests are answered, or when <paramref name="abandon"/> is cancelled.</summary>
    public async Task StopAsync(CancellationToken abandon)
    {
        Close();
        if (_server is not { } server) return;
        await server.StopAsync(abandon).ConfigureAwait(false);
        if (_http.UnixSocket is { } path) File.Delete(path);
    }

    public ValueTask DisposeAsync()
    {
        _server?.Dispose();
        return ValueTask.CompletedTask;
    }
}
