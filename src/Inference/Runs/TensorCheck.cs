using EdgeRuntime.Bundles;

namespace EdgeRuntime.Inference;

/// <summary>Whether a tensor of a request is one that a model's input takes, asked before anything is copied or run.</summary>
public static class TensorCheck
{
    /// <summary>Null where it is; otherwise what is wrong, naming the input, the value and the limit.</summary>
    public static InferenceException? Explain(TensorSpec input, ElementType type, ReadOnlySpan<long> shape, long bytes)
    {
        if (type != input.Type) return new InferenceException(InferenceError.TypeMismatch, $"input '{input.Name}' has the type {type}; the model takes {input.Type}");
        return Explain(input, shape, bytes);
    }

    /// <summary>As the other, for bytes whose type is known to fit.</summary>
    public static InferenceException? Explain(TensorSpec input, ReadOnlySpan<long> shape, long bytes)
    {
        if (TensorSize.OfElement(input.Type) == 0)
            return new InferenceException(InferenceError.TypeMismatch, $"input '{input.Name}' has the type {input.Type}, which is not served");
        if (!Fits(input, shape)) return Mismatch($"input '{input.Name}' has the shape {Text(shape)}; the model takes {Text([.. input.Shape])}");
        long expected = TensorSize.Of(input.Type, shape);
        if (expected < 0) return Mismatch($"input '{input.Name}' has the shape {Text(shape)}, which is empty or above the limit of {TensorSize.Limit} bytes");
        if (expected != bytes) return Mismatch($"input '{input.Name}' has {bytes} bytes; its shape {Text(shape)} of {input.Type} takes {expected}");
        return null;
    }

    private static bool Fits(TensorSpec input, ReadOnlySpan<long> shape)
    {
        if (shape.Length != input.Shape.Count) return false;
        for (int axis = 0; axis < shape.Length; axis++)
        {
            if (input.Shape[axis] >= 0 && input.Shape[axis] != shape[axis]) return false;
        }
        return true;
    }

    private static InferenceException Mismatch(string message) => new(InferenceError.ShapeMismatch, message);

    private static string Text(ReadOnlySpan<long> shape) => $"[{string.Join(',', shape.ToArray())}]";
}
