using EdgeRuntime.TestKit.Brokers;

namespace EdgeRuntime.Benchmarks.Device;

/// <summary>A broker and a client on it: what devices are measured with.</summary>
internal sealed class BenchSite : IAsyncDisposable
{
    private BenchSite(MosquittoBroker broker, BenchClient client) => (Broker, Client) = (broker, client);

    public MosquittoBroker Broker { get; }

    public BenchClient Client { get; }

    public int Port => Broker.Port;

    public static async Task<BenchSite> OpenAsync(BrokerOptions? options = null)
    {
        var broker = await MosquittoBroker.StartAsync(options);
        return new BenchSite(broker, await BenchClient.ConnectAsync(broker.Port));
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Broker.DisposeAsync();
    }
}
