namespace EdgeRuntime.Bundles;

// The JSON reader hands null to the init of a list that the document leaves out, initializer or not.
/// <summary>One rung of the ladder: an ordinary ONNX model with its external data, and what was measured of it.</summary>
public sealed record Variant
{
    /// <summary><c>int8</c>, or <c>int8@x86-avx2</c> where the bundle serves several targets.</summary>
    public required string Id { get; init; }

    /// <summary>The only target it is for; null where it is for all of the bundle's.</summary>
    public string? Target { get; init; }

    /// <summary>The entry of its model: <c>variants/ID/model.onnx</c>.</summary>
    public required string Path { get; init; }

    public required string Precision { get; init; }

    /// <summary>The variant it was made from; null for the first.</summary>
    public string? Parent { get; init; }

    /// <summary>The passes that made it from its parent, in order.</summary>
    public IReadOnlyList<string> Passes { get; init => field = value ?? []; } = [];

    public Quality? Quality { get; init; }

    public IReadOnlyList<Latency> Latencies { get; init => field = value ?? []; } = [];

    /// <summary>Size of model and weights.</summary>
    public required ByteCount Bytes { get; init; }

    /// <summary>Anonymous memory at its highest while it loads and runs, file-backed weights not counted; 0 where it was not measured.</summary>
    public required ByteCount PeakMemory { get; init; }

    /// <summary>Least cosine between its outputs and the golden ones that the self-test accepts.</summary>
    public double GoldenMinCosine { get; init; }

    /// <summary>Largest absolute difference from a golden output that the self-test accepts.</summary>
    public double GoldenMaxAbsolute { get; init; }
}

/// <summary>Measured quality: <see cref="Relative"/> is to the fp32 parent on the same data, 1 = equal; the interval is 95 % of <see cref="Value"/>.</summary>
public sealed record Quality
{
    public required string Metric { get; init; }

    public required double Value { get; init; }

    public required double Relative { get; init; }

    public required int Samples { get; init; }

    public required double Low { get; init; }

    public required double High { get; init; }
}

/// <summary>Median time of one run; <see cref="Measured"/> is false where the target was not at hand and it is an estimate.</summary>
public sealed record Latency
{
    public required string Target { get; init; }

    public required int Threads { get; init; }

    public required double Milliseconds { get; init; }

    public required bool Measured { get; init; }
}
