using System.Text;
using EdgeRuntime.Bundles;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Serving.Lanes;

/// <summary>The tensors of one side of a model with their names as UTF-8, made once so that no request makes them again. Immutable.</summary>
internal sealed class TensorNames(IReadOnlyList<TensorSpec> specs)
{
    private readonly byte[][] _names = [.. specs.Select(spec => Encoding.UTF8.GetBytes(spec.Name))];

    public int Count => _names.Length;

    public TensorSpec Spec(int index) => specs[index];

    public ReadOnlySpan<byte> this[int index] => _names[index];

    /// <summary>The place of a name; -1 where there is none.</summary>
    public int IndexOf(ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < _names.Length; i++)
            if (name.SequenceEqual(_names[i])) return i;
        return -1;
    }

    /// <summary>The protocol's number of an element type, which is ONNX's as well.</summary>
    public static TensorDataType WireType(ElementType type) => (TensorDataType)(int)type;

    /// <inheritdoc cref="WireType"/>
    public static ElementType ElementOf(TensorDataType type) => (ElementType)(int)type;

    public override string ToString() => string.Join(", ", specs.Select(spec => $"'{spec.Name}'"));
}
