using EdgeRuntime.Serving.Admission;

namespace EdgeRuntime.Serving.Lanes;

/// <summary>
/// The requests that a worker holds at this moment, so that they can be answered in its place when it never comes back. The worker's own; anyone
/// else reads it only after the run that the worker is in was given up, from when on the worker touches nothing.
/// </summary>
internal sealed class Turn
{
    private readonly List<PendingRequest> _requests = [];
    private volatile int _count;

    /// <summary>How many there are; from any thread.</summary>
    public int Count => _count;

    /// <summary>What they are answered with.</summary>
    public SharedServer? Server { get; set; }

    /// <summary>A request was taken from the lane; its end takes it out again.</summary>
    public void Join(PendingRequest request)
    {
        _requests.Add(request);
        request.Turn = this;
        _count = _requests.Count;
    }

    public void Leave(PendingRequest request)
    {
        _requests.Remove(request);
        request.Turn = null;
        _count = _requests.Count;
    }

    /// <summary>Ends all that the lost worker held, and answers those that it had not.</summary>
    public void GiveUp(Dismissal dismissal, string model, in Outcome outcome)
    {
        foreach (var request in _requests.ToArray()) dismissal.End(request, model, outcome);
    }
}
