namespace EdgeRuntime.Serving.Admission;

/// <summary>How many requests of each client wait or run. Not thread-safe: its owner locks.</summary>
internal sealed class ClientQuota(int perClient)
{
    private readonly ClientNames<Client> _clients = new(static name => new Client(name), static client => client.Active == 0);

    public int PerClient { get; } = perClient;

    /// <summary>How many names it knows now.</summary>
    public int RememberedNames => _clients.Count;

    /// <summary>One client's count; kept by reference so that giving back needs no look-up.</summary>
    public sealed class Client(string name)
    {
        public string Name { get; } = name;
        public int Active { get; set; }
    }

    /// <summary>Counts one more request of a client; null where it has as many as it may.</summary>
    public Client? TryEnter(ReadOnlySpan<char> name)
    {
        var client = _clients.Of(name);
        if (client.Active >= PerClient) return null;
        client.Active++;
        return client;
    }
}
