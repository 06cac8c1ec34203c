using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Onnx;
using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.Packaging.Linting;

/// <summary>Reads scales, zero points and weights of a model's constants.</summary>
internal sealed class ByteConstants(GraphView view)
{
    /// <summary>Null where the value is no constant of floats.</summary>
    public float[]? Floats(string value) => view.FloatConstant(value) is { } tensor ? TensorValues.Floats(view.Model, tensor) : null;

    /// <summary>Null where it is no constant of bytes or of 32-bit numbers.</summary>
    public int[]? Numbers(string value) => view.Constant(value) is { } tensor ? Numbers(tensor) : null;

    public int[]? Numbers(TensorProto tensor) => (DataType)tensor.DataType switch
    {
        DataType.Int8 => Array.ConvertAll(Bytes(tensor), value => (int)(sbyte)value),
        DataType.Uint8 => Array.ConvertAll(Bytes(tensor), value => (int)value),
        DataType.Int32 => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, int>(Bytes(tensor)).ToArray(),
        _ => null,
    };

    /// <summary>Null where the value is no constant.</summary>
    public DataType? Type(string value) => view.Constant(value) is { } tensor ? (DataType)tensor.DataType : null;

    private byte[] Bytes(TensorProto tensor)
    {
        var content = view.Model.ContentOf(tensor);
        if (content.Length > Array.MaxLength) throw new PackagerException($"tensor '{tensor.Name}' of {content.Length} bytes is over the {Array.MaxLength} that can be looked at");
        var bytes = new byte[content.Length];
        using var stream = content.Open();
        stream.ReadExactly(bytes);
        return bytes;
    }
}
