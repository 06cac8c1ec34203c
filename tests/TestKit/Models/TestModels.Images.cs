using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.TestKit.Models;

public static partial class TestModels
{
    /// <summary>A preprocessing graph: an encoded image <c>image: uint8[n]</c> to its pixels <c>pixels: uint8[h, w, 3]</c>, BGR.</summary>
    public static byte[] DecodeImage()
    {
        var builder = new ModelBuilder("decode", 1);
        builder.Input("image", DataType.Uint8, -1);
        builder.ExtensionNode("DecodeImage", ["image"], "pixels");
        builder.Output("pixels", DataType.Uint8, -1, -1, 3);
        return builder.Build();
    }

    /// <summary>
    /// A preprocessing graph for text lines: an encoded image <c>image: uint8[n]</c> to <c>x: float32[1, 3, 48, width]</c>, BGR,
    /// resized bilinearly to height 48 with the width in proportion, <c>(p / 255 - 0.5) / 0.5</c>.
    /// </summary>
    public static byte[] TextLineImage()
    {
        var builder = new ModelBuilder("text-line", 1);
        builder.Input("image", DataType.Uint8, -1);
        string pixels = builder.ExtensionNode("DecodeImage", ["image"]);
        string planes = builder.Node("Transpose", [builder.Node("Cast", [pixels], null, ("to", (int)DataType.Float))], null, ("perm", new long[] { 2, 0, 1 }));
        string batch = builder.Node("Unsqueeze", [planes, builder.Int64s(0)]);
        string resized = builder.Node("Resize", [batch, "", "", LineSize(builder, batch)], null, ("mode", "linear"), ("coordinate_transformation_mode", "half_pixel"));
        string scaled = builder.Node("Div", [resized, builder.Scalar(127.5f)]);
        builder.Node("Sub", [scaled, builder.Scalar(1)], "x");
        builder.Output("x", DataType.Float, 1, 3, 48, -1);
        return builder.Build();
    }

    // [1, 3, 48, round(width * 48 / height)]
    private static string LineSize(ModelBuilder builder, string batch)
    {
        string shape = builder.Node("Cast", [builder.Node("Shape", [batch])], null, ("to", (int)DataType.Float));
        string height = builder.Node("Slice", [shape, builder.Int64s(2), builder.Int64s(3)]);
        string width = builder.Node("Slice", [shape, builder.Int64s(3), builder.Int64s(4)]);
        string wide = builder.Node("Round", [builder.Node("Div", [builder.Node("Mul", [width, builder.Scalar(48)]), height])]);
        return builder.Node("Concat", [builder.Int64s(1, 3, 48), builder.Node("Cast", [wide], null, ("to", (int)DataType.Int64))], null, ("axis", 0));
    }
}
