using EdgeRuntime.Serving.Configuration;
using EdgeRuntime.Serving.Lanes;

namespace EdgeRuntime.Serving.Catalog;

/// <summary>One configured version of a model: its lane and the worker that takes from it. Changed in the catalog's turn only, but for the worker.</summary>
internal sealed class CatalogEntry(ModelLane lane, ModelSettings settings, QuarantineBackoff backoff)
{
    private int _wanted, _adjusted;

    public ModelLane Lane { get; } = lane;

    public QuarantineBackoff Backoff { get; } = backoff;

    public ModelSettings Settings { get; set; } = settings;

    /// <summary>Replaced where a run hangs; under the catalog's lock of workers.</summary>
    public required LaneWorker Worker { get; set; }

    /// <summary>Whether the configuration does not name it any more; it serves until what takes its place does.</summary>
    public bool IsLeaving { get; set; }

    /// <summary>Whether it stays out of service until somebody asks for it.</summary>
    public bool UnloadedOnRequest { get; set; }

    /// <summary>True for the first who wants it loaded; the others need not ask again.</summary>
    public bool TryWant() => Interlocked.Exchange(ref _wanted, 1) == 0;

    public void NotWanted() => Volatile.Write(ref _wanted, 0);

    /// <summary>True for the first who wants its rungs adjusted; the others need not ask again until <see cref="Adjusts"/>.</summary>
    public bool TryAdjust() => Interlocked.Exchange(ref _adjusted, 1) == 0;

    public void Adjusts() => Volatile.Write(ref _adjusted, 0);
}
