using EdgeRuntime.Packaging.Graphs;
using EdgeRuntime.Packaging.Onnx;
using EdgeRuntime.Packaging.Tests.Support;

namespace EdgeRuntime.Packaging.Tests.Linting;

/// <summary>Conversions and weights in bytes, as a test writes them.</summary>
internal static class ByteSketch
{
    /// <summary>A value in bytes and back.</summary>
    public static GraphSketch Pair(this GraphSketch sketch, string from, string to, float scale = 0.1f, int zero = 0, bool signed = false)
    {
        sketch.Floats(to + "/s", [], scale).Constant(Zero(to + "/z", zero, signed));
        return sketch.Node("QuantizeLinear", $"{from},{to}/s,{to}/z", to + "/q").Node("DequantizeLinear", $"{to}/q,{to}/s,{to}/z", to);
    }

    /// <summary>Weights with a scale for each of the sizes of an axis; with one scale where it is null.</summary>
    public static GraphSketch Weights(this GraphSketch sketch, string name, long[] shape, Func<int, int> value, int? axis = 0, int zero = 0)
    {
        var values = Enumerable.Range(0, (int)shape.Aggregate(1L, (product, size) => product * size)).Select(at => (sbyte)value(at)).ToArray();
        var channels = axis is { } at ? (int)shape[at] : 1;
        long[] form = axis is null ? [] : [channels];
        sketch.Constant(TensorValues.Of(name + "/q", shape, values.AsSpan())).Floats(name + "/s", form, [.. Enumerable.Repeat(0.01f, channels)])
            .Constant(TensorValues.Of(name + "/z", form, Enumerable.Repeat((sbyte)zero, channels).ToArray().AsSpan()));
        return axis is null ? sketch.Node("DequantizeLinear", $"{name}/q,{name}/s,{name}/z", name) : sketch.Node("DequantizeLinear", $"{name}/q,{name}/s,{name}/z", name, ("axis", axis));
    }

    /// <summary>A bias in 32 bits; the scale is right for an input of 0.1 and weights of 0.01.</summary>
    public static GraphSketch Bias(this GraphSketch sketch, string name, int channels, float scale = 0.1f * 0.01f, int zero = 0) => sketch
        .Constant(TensorValues.Of(name + "/q", [channels], Enumerable.Repeat(5, channels).ToArray().AsSpan())).Floats(name + "/s", [channels], [.. Enumerable.Repeat(scale, channels)])
        .Constant(TensorValues.Of(name + "/z", [channels], Enumerable.Repeat(zero, channels).ToArray().AsSpan())).Node("DequantizeLinear", $"{name}/q,{name}/s,{name}/z", name, ("axis", 0));

    public static TensorProto Zero(string name, int zero, bool signed) =>
        signed ? TensorValues.Of(name, [], new[] { (sbyte)zero }.AsSpan()) : TensorValues.Of(name, [], new[] { (byte)zero }.AsSpan());

    /// <summary>Says of all nodes of an op that they are ONNX Runtime's own.</summary>
    public static byte[] InRuntimeDomain(byte[] model, bool imported, params string[] ops) => SmallModels.Edit(model, proto =>
    {
        foreach (var node in proto.Graph.Node.Where(node => ops.Contains(node.OpType))) node.Domain = GraphBuilder.RuntimeDomain;
        if (imported) proto.OpsetImport.Add(new OperatorSetIdProto { Domain = GraphBuilder.RuntimeDomain, Version = 1 });
    });
}
