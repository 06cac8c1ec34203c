namespace EdgeRuntime.Bundles;

/// <summary>A tensor with a name: elements in row-major order, little-endian.</summary>
public sealed record NamedArray(string Name, ElementType Type, long[] Shape, byte[] Data)
{
    /// <summary>The product of the sizes; 1 for a scalar.</summary>
    public long Count => Shape.Aggregate(1L, static (count, size) => checked(count * size));

    public override string ToString() => $"{Name} {Type.ProtocolName()}[{string.Join(',', Shape)}]";
}
