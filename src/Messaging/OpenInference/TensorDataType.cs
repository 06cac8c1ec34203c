namespace EdgeRuntime.Messaging.OpenInference;

/// <summary>Element types of the Open Inference Protocol v2, numbered as ONNX TensorProto.DataType.</summary>
public enum TensorDataType : byte
{
    /// <summary>No type: never in a tensor that was read or may be written.</summary>
    Undefined = 0,
    /// <summary>FP32.</summary>
    Float32 = 1,
    /// <summary>UINT8.</summary>
    UInt8 = 2,
    /// <summary>INT8.</summary>
    Int8 = 3,
    /// <summary>UINT16.</summary>
    UInt16 = 4,
    /// <summary>INT16.</summary>
    Int16 = 5,
    /// <summary>INT32.</summary>
    Int32 = 6,
    /// <summary>INT64.</summary>
    Int64 = 7,
    /// <summary>BYTES: strings or blobs, each with a 4-byte little-endian length before it.</summary>
    Bytes = 8,
    /// <summary>BOOL: one byte, 0 or 1.</summary>
    Bool = 9,
    /// <summary>FP16.</summary>
    Float16 = 10,
    /// <summary>FP64.</summary>
    Float64 = 11,
    /// <summary>UINT32.</summary>
    UInt32 = 12,
    /// <summary>UINT64.</summary>
    UInt64 = 13,
    /// <summary>BF16: in binary sections only, JSON has no form for it.</summary>
    BFloat16 = 16,
}
