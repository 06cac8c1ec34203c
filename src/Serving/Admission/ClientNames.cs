namespace EdgeRuntime.Serving.Admission;

/// <summary>
/// What is kept of each client, by its name. Names of clients that are idle are forgotten once there are many, so that inventing names fills
/// nothing. Not thread-safe: its owner locks.
/// </summary>
/// <param name="make">What is kept of a client that was not known.</param>
/// <param name="isIdle">Whether a client may be forgotten.</param>
internal sealed class ClientNames<T>(Func<string, T> make, Func<T, bool> isIdle)
    where T : class
{
    private const int Most = 1024;

    private readonly Dictionary<string, T> _clients = new(StringComparer.Ordinal);

    /// <summary>How many names it knows now.</summary>
    public int Count => _clients.Count;

    public T Of(ReadOnlySpan<char> name)
    {
        if (_clients.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var client)) return client;
        ForgetIdle();
        var text = name.ToString();
        client = make(text);
        _clients.Add(text, client);
        return client;
    }

    private void ForgetIdle()
    {
        if (_clients.Count < Most) return;
        foreach (var (name, client) in _clients)
            if (isIdle(client)) _clients.Remove(name);
    }
}
