using EdgeRuntime.Device.Admission;
using EdgeRuntime.Device.Configuration;
using EdgeRuntime.Device.Scheduling;

namespace EdgeRuntime.Device.Serving;

internal sealed partial class ModelLane
{
    private const double Weight = 0.1; // of the newest run in the average

    private readonly RequestQueue<PendingRequest> _queue;
    private readonly TimeProvider _time;
    private long _averageTicks;

    /// <param name="settings">The model's.</param>
    /// <param name="queueLimit">How many requests may wait.</param>
    /// <param name="time">The clock.</param>
    public ModelLane(ModelSettings settings, int queueLimit, TimeProvider time) =>
        (Name, _time, _queue) = (settings.Name, time, new RequestQueue<PendingRequest>(queueLimit));

    /// <summary>A lane by the system's clock with nothing said of its model but the name.</summary>
    public ModelLane(string name, int queueLimit)
        : this(new ModelSettings { Name = name }, queueLimit, TimeProvider.System) { }

    /// <summary>Requests that wait.</summary>
    public int Waiting => _queue.Count;

    /// <summary>What a request that joined the queue now would wait, by the runs so far.</summary>
    public TimeSpan ExpectedWait => new(Math.Max(Interlocked.Read(ref _averageTicks), TimeSpan.TicksPerMillisecond) * (_queue.Count + 1));

    public bool TryAdd(PendingRequest request) => _queue.TryAdd(request, request.Properties.Priority, request.Due);

    public bool TryTake(out PendingRequest request) => _queue.TryTake(out request);

    public void NoteRun(TimeSpan duration)
    {
        long average = Interlocked.Read(ref _averageTicks);
        Interlocked.Exchange(ref _averageTicks, average == 0 ? duration.Ticks : average + (long)(Weight * (duration.Ticks - average)));
    }

    /// <summary>Takes no more requests; those that wait are still answered.</summary>
    public void Close() => _queue.Close();
}
