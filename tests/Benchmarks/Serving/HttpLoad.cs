using System.Net.Http.Headers;

namespace EdgeRuntime.Benchmarks.Serving;

/// <summary>Asks over HTTP at a steady pace, whatever becomes of the requests, and counts.</summary>
internal sealed class HttpLoad : IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100), Patience = TimeSpan.FromSeconds(2);

    private readonly HttpClient _client = new() { Timeout = Patience };
    private readonly Uri _address;
    private readonly byte[] _payload;

    public HttpLoad(int port, string model, string json)
    {
        _address = new Uri($"http://127.0.0.1:{port}/v2/models/{model}/infer");
        _payload = System.Text.Encoding.UTF8.GetBytes(json);
    }

    public int Sent { get; private set; }

    public int Failed { get; private set; }

    /// <summary>What went wrong last.</summary>
    public string LastFailure { get; private set; } = "none";

    /// <summary>One after the other until told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Pace);
        while (!stop.IsCancellationRequested)
        {
            await AskAsync();
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task AskAsync()
    {
        Sent++;
        using var content = new ByteArrayContent(_payload);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        try
        {
            using var answer = await _client.PostAsync(_address, content);
            if (answer.IsSuccessStatusCode) return;
            LastFailure = $"status {(int)answer.StatusCode}";
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
        {
            LastFailure = failure.Message;
        }
        Failed++;
    }
}
