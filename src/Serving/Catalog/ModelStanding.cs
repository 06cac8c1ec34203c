using EdgeRuntime.Serving.Lanes;

namespace EdgeRuntime.Serving.Catalog;

/// <summary>All that is to be known of a model at one instant. Immutable: readers take one and need no lock.</summary>
internal sealed record ModelStanding(ModelState State)
{
    /// <summary>Since when it is in this state; null before anything happened.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>What answers, or answered last while it is drained; null where nothing does.</summary>
    public ServedModel? Model { get; init; }

    /// <summary>Why nothing answers.</summary>
    public string Reason { get; init; } = "";

    /// <summary>What an operator has to mend although a model answers, such as a source that was refused; null where nothing is.</summary>
    public string? Complaint { get; init; }

    /// <summary>When a quarantined model is tried again, as a timestamp of the clock.</summary>
    public long ReopensAt { get; init; }

    /// <summary>Whether a request brings an unloaded model back.</summary>
    public bool ReturnsOnDemand { get; init; }

    /// <summary>Whether an operator should look.</summary>
    public bool IsWrong => Complaint is not null || State is ModelState.Failed or ModelState.Quarantined;
}
