using EdgeRuntime.Serving.Lanes;

namespace EdgeRuntime.Offload.Execution;

/// <summary>The bundle sides of one lane, lent for as long as bytes are moved. Those of a model that was swapped are freed. Thread-safe.</summary>
internal sealed class BundleSides(ModelLane lane) : IDisposable
{
    private const int Most = 16;

    private readonly Lock _gate = new();
    private readonly Stack<BundleSide> _idle = [];

    /// <summary>Null where no bundle of the model is in service.</summary>
    public BundleSide? Take()
    {
        lock (_gate)
        {
            while (_idle.TryPop(out var side))
            {
                if (ReferenceEquals(side.Model, lane.Model)) return side;
                side.Dispose();
            }
        }
        return BundleSide.Of(lane);
    }

    public void Return(BundleSide side)
    {
        lock (_gate)
        {
            if (_idle.Count < Most && ReferenceEquals(side.Model, lane.Model)) _idle.Push(side);
            else side.Dispose();
        }
    }

    public void Dispose()
    {
        lock (_gate)
            while (_idle.TryPop(out var side)) side.Dispose();
    }
}
