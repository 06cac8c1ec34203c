using EdgeRuntime.Packaging.Onnx;
using static EdgeRuntime.Packaging.Onnx.GraphBuilder;
using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.Packaging.Images;

// y = (resize(decode(x)) / 255 - mean) / std = resize(decode(x)) * (1 / (255 std)) + (-mean / std)
/// <summary>
/// The preprocess graph of a bundle: one encoded image <c>image: uint8[n]</c> to <c>tensor: float32[1, 3, H, W]</c> (or channels last). Decoding is
/// ONNX Runtime Extensions' DecodeImage, which gives BGR; resizing is bilinear between pixel centres, without antialiasing, as OpenCV's.
/// </summary>
internal static class ImageGraph
{
    public const string Input = "image", Output = "tensor";

    public static byte[] Build(ImageSpec spec)
    {
        var graph = new GraphBuilder("preprocess");
        graph.Input(Input, DataType.Uint8, -1);
        var pixels = graph.ExtensionNode("DecodeImage", Input);
        if (!spec.Bgr) pixels = graph.Node("Gather", [pixels, graph.Longs(2, 1, 0)], null, Attribute("axis", 2));
        var batch = Planes(graph, pixels);
        var resized = graph.Node("Resize", [batch, "", "", Size(graph, batch, spec)], null, Attribute("mode", "linear"), Attribute("coordinate_transformation_mode", "half_pixel"));
        Normalise(graph, resized, spec);
        graph.Output(Output, DataType.Float, [.. spec.Shape]);
        return graph.Build();
    }

    // uint8[h, w, 3] -> float32[1, 3, h, w]
    private static string Planes(GraphBuilder graph, string pixels)
    {
        var planes = graph.Node("Transpose", [pixels], null, Attribute("perm", 2, 0, 1));
        var numbers = graph.Node("Cast", [planes], null, Attribute("to", (long)DataType.Float));
        return graph.Node("Unsqueeze", [numbers, graph.Longs(0)]);
    }

    private static string Size(GraphBuilder graph, string batch, ImageSpec spec) => spec.Width is { } width
        ? graph.Longs(1, 3, spec.Height, width)
        : graph.Node("Concat", [graph.Longs(1, 3, spec.Height), WidthByAspect(graph, batch, spec)], null, Attribute("axis", 0L));

    // ceil(H w / h), as PP-OCR's own preprocessing has it, in whole numbers: (H w + h - 1) / h
    private static string WidthByAspect(GraphBuilder graph, string batch, ImageSpec spec)
    {
        var shape = graph.Node("Shape", [batch]);
        var height = graph.Node("Slice", [shape, graph.Longs(2), graph.Longs(3)]);
        var width = graph.Node("Slice", [shape, graph.Longs(3), graph.Longs(4)]);
        var product = graph.Node("Mul", [width, graph.Longs(spec.Height)]);
        var above = graph.Node("Add", [product, graph.Node("Sub", [height, graph.Longs(1)])]);
        var wide = graph.Node("Div", [above, height]);
        return graph.Node("Min", [graph.Node("Max", [wide, graph.Longs(spec.MinimumWidth)]), graph.Longs(spec.MaximumWidth)]);
    }

    private static void Normalise(GraphBuilder graph, string resized, ImageSpec spec)
    {
        float[] scale = [.. spec.Deviation.Select(deviation => (float)(1 / (255 * deviation)))];
        float[] bias = [.. spec.Mean.Zip(spec.Deviation, (mean, deviation) => (float)(-mean / deviation))];
        var scaled = graph.Node("Mul", [resized, graph.Floats([1, 3, 1, 1], scale)]);
        var normal = graph.Node("Add", [scaled, graph.Floats([1, 3, 1, 1], bias)], spec.ChannelsLast ? null : Output);
        if (spec.ChannelsLast) graph.Node("Transpose", [normal], Output, Attribute("perm", 0, 2, 3, 1));
    }
}
