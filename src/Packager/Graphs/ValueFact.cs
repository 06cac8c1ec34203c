using EdgeRuntime.Bundles;

namespace EdgeRuntime.Packaging.Graphs;

/// <summary>What is known of a value before it exists.</summary>
/// <param name="Type">Of its elements.</param>
/// <param name="Shape">-1 where a size varies; null where not even the rank is known.</param>
internal readonly record struct ValueFact(ElementType Type, IReadOnlyList<long>? Shape)
{
    public bool IsFloat => Type == ElementType.Float32;

    /// <summary>Whether every size is known.</summary>
    public bool IsStatic => Shape is { } shape && !shape.Contains(-1);
}
