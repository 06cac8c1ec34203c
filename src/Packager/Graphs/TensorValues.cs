using System.Runtime.InteropServices;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Onnx;
using Google.Protobuf;
using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.Packaging.Graphs;

/// <summary>Elements of constant tensors as arrays, and tensors from arrays.</summary>
internal static class TensorValues
{
    /// <exception cref="PackagerException">Its elements are of another type, or over 2 GiB.</exception>
    public static float[] Floats(OnnxModel model, TensorProto tensor) => Read<float>(model, tensor, DataType.Float);

    /// <inheritdoc cref="Floats"/>
    public static long[] Longs(OnnxModel model, TensorProto tensor) => Read<long>(model, tensor, DataType.Int64);

    public static TensorProto Of(string name, IEnumerable<long> shape, ReadOnlySpan<float> values) => Make(name, DataType.Float, shape, values);

    public static TensorProto Of(string name, IEnumerable<long> shape, ReadOnlySpan<long> values) => Make(name, DataType.Int64, shape, values);

    public static TensorProto Of(string name, IEnumerable<long> shape, ReadOnlySpan<int> values) => Make(name, DataType.Int32, shape, values);

    public static TensorProto Of(string name, IEnumerable<long> shape, ReadOnlySpan<sbyte> values) => Make(name, DataType.Int8, shape, values);

    public static TensorProto Of(string name, IEnumerable<long> shape, ReadOnlySpan<byte> values) => Make(name, DataType.Uint8, shape, values);

    private static TensorProto Make<T>(string name, DataType type, IEnumerable<long> shape, ReadOnlySpan<T> values)
        where T : unmanaged =>
        new() { Name = name, DataType = (int)type, Dims = { shape }, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values)) };

    private static T[] Read<T>(OnnxModel model, TensorProto tensor, DataType type)
        where T : unmanaged
    {
        if ((DataType)tensor.DataType != type) throw new PackagerException($"tensor '{tensor.Name}' holds {(DataType)tensor.DataType}, {type} is needed");
        var content = model.ContentOf(tensor);
        if (content.Length > Array.MaxLength) throw new PackagerException($"tensor '{tensor.Name}' of {content.Length} bytes is over the {Array.MaxLength} that can be rewritten");
        var values = new T[content.Length / Marshal.SizeOf<T>()];
        using var stream = content.Open();
        stream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}
