using EdgeRuntime.Serving.Admission;

namespace EdgeRuntime.Serving.Lanes;

// Where requests are, from the look at the model's standing that lets one in, to the end of its lease: decided on, waiting, being taken, in the worker's turn.
// A request is in the next place before it leaves the one before, so that whoever looks at them in this order misses none.
internal sealed partial class ModelLane
{
    private int _decided; // requests that are being decided on
    private volatile bool _isTaking;
    private volatile Turn _turn = new();

    /// <summary>
    /// Whether a request is anywhere in this lane, one included that is only being decided on. Once this is false after the model was taken out of service, no
    /// request will find it gone that was let in before.
    /// </summary>
    public bool IsBusy => Interlocked.Add(ref _decided, 0) > 0 || Waiting > 0 || _isTaking || InFlight > 0; // the first is a fence as well

    /// <summary>Requests that wait.</summary>
    public int Waiting => _queue.Count;

    /// <summary>Requests that its worker has taken and not answered.</summary>
    public int InFlight => _turn.Count;

    /// <summary>What its worker holds at this moment.</summary>
    public Turn Turn { get => _turn; set => _turn = value; }

    /// <summary>Requests that run now.</summary>
    public RunningRequests Running { get; } = new();

    /// <summary>A request is about to be decided on: before anything is asked of the model's standing.</summary>
    public void BeginDecision() => Interlocked.Increment(ref _decided);

    /// <summary>It waits by now, or was refused, or is somebody else's.</summary>
    public void EndDecision() => Interlocked.Decrement(ref _decided);

    private bool TryTakeFirst(out PendingRequest request)
    {
        _isTaking = true;
        bool isTaken = _queue.TryTakeNow(0, out var entry);
        if (isTaken) Turn.Join(entry.Request);
        _isTaking = false;
        request = entry.Request;
        return isTaken;
    }
}
