namespace EdgeRuntime.Benchmarks.Reporting;

/// <summary>One measured value, what it was compared with, and from how many samples it comes.</summary>
internal sealed record Figure(string Id, double? Value, string Unit)
{
    public Goal? Goal { get; init; }

    /// <summary>What was measured beside it.</summary>
    public string? Peer { get; init; }

    public double? PeerValue { get; init; }

    public int Samples { get; init; } = 1;

    /// <summary>What a reader has to know, such as why there is no value.</summary>
    public string? Note { get; init; }

    /// <summary>Null where there is nothing to meet, or nothing that could be measured.</summary>
    public bool? MeetsGoal => Goal is { } goal && Value is { } value ? goal.IsMetBy(value) : null;
}
