namespace EdgeRuntime.Bundles;

/// <summary>An input or output of a model: its name, element type and shape.</summary>
public sealed record TensorSpec
{
    public required string Name { get; init; }

    public required ElementType Type { get; init; }

    /// <summary>Sizes in elements, outermost first; -1 where the size may differ from request to request.</summary>
    public required IReadOnlyList<long> Shape { get; init; }

    /// <summary>How inputs of differing size are made alike to share a batch; null where they cannot be.</summary>
    public PaddingRule? Padding { get; init; }

    /// <summary>Whether the first axis is open, so that it may hold what several requests bring.</summary>
    public bool HasRows() => Shape.Count > 0 && Shape[0] < 0;

    public override string ToString() => $"{Name} {Type.ProtocolName()}[{string.Join(',', Shape.Select(size => size < 0 ? "?" : $"{size}"))}]";
}

/// <summary>Inputs are padded along <see cref="Axis"/> with <see cref="Value"/> up to the next of <see cref="Buckets"/> (ascending sizes).</summary>
public sealed record PaddingRule
{
    public required int Axis { get; init; }

    public required IReadOnlyList<long> Buckets { get; init; }

    public required double Value { get; init; }
}
