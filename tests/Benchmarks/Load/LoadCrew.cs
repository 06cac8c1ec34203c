namespace EdgeRuntime.Benchmarks.Load;

/// <summary>Several clients that share one load, as many clients of a device do: no quota of one client limits it.</summary>
internal sealed class LoadCrew : IAsyncDisposable
{
    private readonly LoadClient[] _clients;

    private LoadCrew(LoadClient[] clients) => _clients = clients;

    public static async Task<LoadCrew> ConnectAsync(string name, int port, int clients)
    {
        var connected = new List<LoadClient>();
        for (var i = 1; i <= clients; i++) connected.Add(await LoadClient.ConnectAsync($"{name}-{i}", port));
        return new LoadCrew([.. connected]);
    }

    /// <summary>The stream's rate, divided among the clients.</summary>
    public async Task<LoadResult> SendAsync(LoadStream stream, TimeSpan duration)
    {
        var logs = await Task.WhenAll(_clients.Select((client, at) => client.SendAsync(Share(stream, at), duration)));
        return new LoadResult(logs, duration, stream.Deadline);
    }

    /// <summary>Requests under way, divided among the clients.</summary>
    public async Task<LoadResult> KeepAsync(LoadStream stream, int underWay, TimeSpan duration, int most = 100_000)
    {
        var logs = await Task.WhenAll(_clients.Select(client => client.KeepAsync(stream, underWay / _clients.Length, duration, most / _clients.Length)));
        return new LoadResult(logs, duration, stream.Deadline);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) await client.DisposeAsync();
    }

    private LoadStream Share(LoadStream stream, int at) => stream with { PerSecond = stream.PerSecond / _clients.Length, Seed = stream.Seed * 31 + at };
}
