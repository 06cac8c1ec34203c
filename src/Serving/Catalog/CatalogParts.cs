using EdgeRuntime.Inference;
using EdgeRuntime.Serving.Admission;
using EdgeRuntime.Serving.Lanes;
using EdgeRuntime.Serving.Logging;
using EdgeRuntime.Serving.Scheduling;
using EdgeRuntime.Serving.Trials;

namespace EdgeRuntime.Serving.Catalog;

/// <summary>What a catalog is put together from; callbacks come from any thread and must not block.</summary>
internal sealed record CatalogParts
{
    public required SessionCache Cache { get; init; }

    /// <summary>The cores that the lanes share.</summary>
    public required ComputeTurns Turns { get; init; }

    /// <summary>Makes what answers a lane's requests with a model.</summary>
    public required Func<ModelLane, ServedModel, ModelServer> Server { get; init; }

    /// <summary>Told of every lane that there is from now on.</summary>
    public required Action<ModelLane> Added { get; init; }

    /// <summary>Told of every lane that there is no more.</summary>
    public required Action<ModelLane> Removed { get; init; }

    /// <summary>Answers requests that no model does.</summary>
    public required Dismissal Dismissal { get; init; }

    /// <summary>Told of what happens to a variant.</summary>
    public required Action<InferenceEvent> Told { get; init; }

    /// <summary>Told after every change of a model.</summary>
    public required Action Changed { get; init; }

    /// <summary>Told, with the reason, that only a new process helps.</summary>
    public required Action<string> Exhausted { get; init; }

    /// <summary>Tries models before they are opened here; null for no trials.</summary>
    public ModelTrial? Trial { get; init; }

    /// <summary>What workers do between two runs, told how long the next one takes, once it asks; null where runs leave a core to others, who do it there.</summary>
    public Action<Func<TimeSpan>>? Between { get; init; }

    public required EventLog Log { get; init; }
    public required TimeProvider Time { get; init; }

    /// <summary>Seeds each model's own chance; used where entries are added, and by nobody else.</summary>
    public required Random Chance { get; init; }
}
