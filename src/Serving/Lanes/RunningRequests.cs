using EdgeRuntime.Serving.Admission;
using EdgeRuntime.Serving.Lanes.Batching;

namespace EdgeRuntime.Serving.Lanes;

/// <summary>The requests that a worker has taken from its lane and not answered, so that they can be given up. Thread-safe.</summary>
internal sealed class RunningRequests
{
    private readonly Lock _gate = new();
    private readonly List<PendingRequest> _taken = [];
    private Batch? _run;
    private ModelRunner? _runner;

    public void Add(PendingRequest request)
    {
        lock (_gate) _taken.Add(request);
    }

    /// <summary>It waits again, or is answered and may end.</summary>
    public void Remove(PendingRequest request)
    {
        lock (_gate) _taken.Remove(request);
    }

    /// <summary>A run begins; its batch stays as it is until the end.</summary>
    public void Begin(Batch run, ModelRunner runner)
    {
        lock (_gate) (_run, _runner) = (run, runner);
    }

    public void End()
    {
        lock (_gate) (_run, _runner) = (null, null);
    }

    /// <summary>The worker never comes back to any of them.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _taken.Clear();
            (_run, _runner) = (null, null);
        }
    }

    /// <summary>A request needs no answer from here any more; as <see cref="Cancel"/>.</summary>
    public void GiveUp(PendingRequest request)
    {
        lock (_gate)
        {
            if (!_taken.Contains(request)) return;
            request.Cancel();
            if (_run is { IsUnwanted: true }) _runner!.Cancel();
        }
    }

    /// <summary>Gives a client's request up, and ends the run under way once nobody waits for it. False where it is not among these.</summary>
    public bool Cancel(ReadOnlySpan<byte> client, ReadOnlySpan<byte> correlation)
    {
        lock (_gate)
        {
            bool found = false;
            foreach (var request in _taken)
            {
                if (!request.Is(client, correlation)) continue;
                request.Cancel();
                found = true;
            }
            if (found && _run is { IsUnwanted: true }) _runner!.Cancel(); // under the lock: this run and not the next
            return found;
        }
    }
}
