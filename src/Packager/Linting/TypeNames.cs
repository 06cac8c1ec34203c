using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.Packaging.Linting;

/// <summary>Element types as targets name them.</summary>
internal static class TypeNames
{
    public static string Of(DataType type) => type.ToString().ToUpperInvariant();
}
