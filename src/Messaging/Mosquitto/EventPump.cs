namespace EdgeRuntime.Messaging;

/// <summary>
/// Raises events one at a time and in order, on a pool thread. Holds a limited number of them: where a subscriber blocks, the oldest are lost.
/// </summary>
internal sealed class EventPump : IThreadPoolWorkItem
{
    private const int Limit = 256;

    private readonly Lock _lock = new();
    private readonly Queue<Action> _events = new();
    private bool _running;

    internal void Post(Action raise)
    {
        lock (_lock)
        {
            if (_events.Count == Limit) _events.Dequeue();
            _events.Enqueue(raise);
            if (_running) return;
            _running = true;
        }
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (TryTake(out var raise)) raise();
    }

    private bool TryTake(out Action raise)
    {
        lock (_lock) return _running = _events.TryDequeue(out raise!);
    }
}
