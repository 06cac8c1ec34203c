using System.Runtime.InteropServices;
using EdgeRuntime.Bundles;

namespace EdgeRuntime.Inference;

/// <summary>A look at one output of a run: native memory that is valid until its context runs again or is disposed.</summary>
public readonly ref struct OutputView(ElementType type, ReadOnlySpan<long> shape, ReadOnlySpan<byte> data)
{
    /// <summary>The type of an element.</summary>
    public ElementType Type { get; } = type;

    /// <summary>The dimensions, outermost first.</summary>
    public ReadOnlySpan<long> Shape { get; } = shape;

    /// <summary>The elements as little-endian bytes, row by row.</summary>
    public ReadOnlySpan<byte> Data { get; } = data;

    /// <summary>The elements as what they are; float32 for <c>As&lt;float&gt;</c>, int64 for <c>As&lt;long&gt;</c>.</summary>
    /// <exception cref="InferenceException">The size of <typeparamref name="T"/> is not that of an element.</exception>
    public ReadOnlySpan<T> As<T>()
        where T : unmanaged
    {
        int size = Marshal.SizeOf<T>();
        if (size != TensorSize.OfElement(Type))
            throw new InferenceException(InferenceError.TypeMismatch, $"an output of {Type} is not made of {size}-byte {typeof(T).Name}");
        return MemoryMarshal.Cast<byte, T>(Data);
    }
}
