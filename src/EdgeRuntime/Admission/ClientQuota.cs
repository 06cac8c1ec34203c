namespace EdgeRuntime.Device.Admission;

/// <summary>
/// How many requests of each client wait or run. Names of clients that have none are forgotten once there are many, so that inventing names fills
/// nothing. Not thread-safe: its owner locks.
/// </summary>
internal sealed class ClientQuota(int perClient)
{
    private const int MostNames = 1024;

    private readonly Dictionary<string, Client> _clients = new(StringComparer.Ordinal);

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
        var lookup = _clients.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!lookup.TryGetValue(name, out var client))
        {
            ForgetIdle();
            client = new Client(name.ToString());
            _clients.Add(client.Name, client);
        }
        if (client.Active >= PerClient) return null;
        client.Active++;
        return client;
    }

    private void ForgetIdle()
    {
        if (_clients.Count < MostNames) return;
        foreach (var (name, client) in _clients)
            if (client.Active == 0) _clients.Remove(name);
    }
}
