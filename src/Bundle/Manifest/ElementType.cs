namespace EdgeRuntime.Bundles;

/// <summary>Element types of tensors; the numbers are those of ONNX's <c>TensorProto.DataType</c>.</summary>
public enum ElementType
{
    Undefined = 0,
    Float32 = 1,
    UInt8 = 2,
    Int8 = 3,
    UInt16 = 4,
    Int16 = 5,
    Int32 = 6,
    Int64 = 7,
    String = 8,
    Bool = 9,
    Float16 = 10,
    Float64 = 11,
    UInt32 = 12,
    UInt64 = 13,
    BFloat16 = 16,
}

/// <summary>Sizes and names of element types, one row a type.</summary>
public static class ElementTypes
{
    /// <summary>Bytes of one element; 0 for <see cref="ElementType.String"/>, whose elements vary.</summary>
    public static int Size(this ElementType type) => type switch
    {
        ElementType.Bool or ElementType.Int8 or ElementType.UInt8 => 1,
        ElementType.Float16 or ElementType.BFloat16 or ElementType.Int16 or ElementType.UInt16 => 2,
        ElementType.Float32 or ElementType.Int32 or ElementType.UInt32 => 4,
        ElementType.Float64 or ElementType.Int64 or ElementType.UInt64 => 8,
        _ => 0,
    };

    /// <summary>The name in manifests: that of the Open Inference Protocol.</summary>
    public static string ProtocolName(this ElementType type) => type switch
    {
        ElementType.Bool => "BOOL",
        ElementType.Int8 => "INT8",
        ElementType.Int16 => "INT16",
        ElementType.Int32 => "INT32",
        ElementType.Int64 => "INT64",
        ElementType.UInt8 => "UINT8",
        ElementType.UInt16 => "UINT16",
        ElementType.UInt32 => "UINT32",
        ElementType.UInt64 => "UINT64",
        ElementType.Float16 => "FP16",
        ElementType.Float32 => "FP32",
        ElementType.Float64 => "FP64",
        ElementType.BFloat16 => "BF16",
        ElementType.String => "BYTES",
        _ => "UNDEFINED",
    };

    /// <summary>The type of a protocol name; <see cref="ElementType.Undefined"/> for an unknown one.</summary>
    public static ElementType FromProtocolName(string name)
    {
        foreach (var type in Enum.GetValues<ElementType>())
            if (type != ElementType.Undefined && type.ProtocolName() == name) return type;
        return ElementType.Undefined;
    }
}
