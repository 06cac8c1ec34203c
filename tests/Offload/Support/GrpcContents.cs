using System.Buffers.Binary;
using EdgeRuntime.Offload.Tests.Support.Wire;
using Google.Protobuf;

namespace EdgeRuntime.Offload.Tests.Support;

/// <summary>Typed contents of a tensor.</summary>
internal static class GrpcContents
{
    public static InferTensorContents Of(TestTensor tensor)
    {
        var contents = new InferTensorContents();
        ReadOnlySpan<byte> rest = tensor.Data;
        while (rest.Length >= Math.Max(1, TestTensor.SizeOf(tensor.Type))) rest = rest[Add(contents, tensor.Type, rest)..];
        return contents;
    }

    private static int Add(InferTensorContents to, string type, ReadOnlySpan<byte> data)
    {
        switch (type)
        {
            case "BOOL": to.BoolContents.Add(data[0] != 0); return 1;
            case "INT8": to.IntContents.Add((sbyte)data[0]); return 1;
            case "INT16": to.IntContents.Add(BinaryPrimitives.ReadInt16LittleEndian(data)); return 2;
            case "INT32": to.IntContents.Add(BinaryPrimitives.ReadInt32LittleEndian(data)); return 4;
            case "INT64": to.Int64Contents.Add(BinaryPrimitives.ReadInt64LittleEndian(data)); return 8;
            case "UINT8": to.UintContents.Add(data[0]); return 1;
            case "UINT16": to.UintContents.Add(BinaryPrimitives.ReadUInt16LittleEndian(data)); return 2;
            case "UINT32": to.UintContents.Add(BinaryPrimitives.ReadUInt32LittleEndian(data)); return 4;
            case "UINT64": to.Uint64Contents.Add(BinaryPrimitives.ReadUInt64LittleEndian(data)); return 8;
            case "FP32": to.Fp32Contents.Add(BinaryPrimitives.ReadSingleLittleEndian(data)); return 4;
            case "FP64": to.Fp64Contents.Add(BinaryPrimitives.ReadDoubleLittleEndian(data)); return 8;
            case "BYTES":
                var length = (int)BinaryPrimitives.ReadUInt32LittleEndian(data);
                to.BytesContents.Add(ByteString.CopyFrom(data.Slice(4, length)));
                return 4 + length;
            default: throw new InvalidOperationException($"{type} has no typed contents");
        }
    }
}
