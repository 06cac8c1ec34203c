using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.Packaging.Tests.Support;

/// <summary>Values of which ONNX Runtime knows not even how many dimensions they have.</summary>
internal static class Ranks
{
    /// <summary>Adds the value <c>unknown</c>: 2 x 6 numbers with as many dimensions of 1 in front as an input has numbers that are not 0.</summary>
    public static GraphSketch Unknown(GraphSketch sketch) => sketch.Input("numbers", 2, 6).Input("some", DataType.Int64, 3).Longs("sizes", 2, 6).Longs("first", 0)
        .Node("NonZero", "some", "places").Node("Squeeze", "places,first", "flat").Node("Equal", "flat,flat", "each").Node("Cast", "each", "ones", ("to", (int)DataType.Int64))
        .Node("Concat", "ones,sizes", "dimensions", ("axis", 0)).Node("Reshape", "numbers,dimensions", "unknown");
}
