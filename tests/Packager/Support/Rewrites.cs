using System.Runtime.InteropServices;
using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Data;
using EdgeRuntime.Packaging.Import;
using EdgeRuntime.Packaging.Onnx;
using EdgeRuntime.Packaging.Passes;
using Xunit;
using static EdgeRuntime.Packaging.Onnx.TensorProto.Types;

namespace EdgeRuntime.Packaging.Tests.Support;

/// <summary>Applies passes to a model and compares its answers in ONNX Runtime before and after.</summary>
internal static class Rewrites
{
    private const int Samples = 3;

    /// <param name="model">As it is before.</param>
    /// <param name="relative">Largest difference allowed, as a part of the largest magnitude of an output; 0 asks for the same bits.</param>
    /// <param name="passes">In order.</param>
    /// <returns>The model after the passes, and what they said.</returns>
    public static (OnnxModel After, string Said) Check(byte[] model, double relative, params IPass[] passes)
    {
        using var workshop = new Workshop();
        var before = workshop.Write("model.onnx", model);
        var after = Bits.Import(model);
        var said = string.Join('\n', passes.Select(pass => pass.Apply(after)));
        var path = Bits.Export(after, workshop["after"]);
        for (var sample = 0; sample < Samples; sample++) Compare(Bits.Answer(before, sample), Bits.Answer(path, sample), relative);
        return (after, said);
    }

    public static void Compare(IReadOnlyList<NamedArray> expected, IReadOnlyList<NamedArray> actual, double relative)
    {
        Assert.Equal(expected.Select(array => array.Name), actual.Select(array => array.Name));
        foreach (var (one, other) in expected.Zip(actual))
        {
            Assert.Equal((one.Type, string.Join(',', one.Shape)), (other.Type, string.Join(',', other.Shape)));
            if (relative == 0 || one.Type != ElementType.Float32) Assert.Equal(one.Data, other.Data);
            else CompareFloats(MemoryMarshal.Cast<byte, float>(one.Data).ToArray(), MemoryMarshal.Cast<byte, float>(other.Data).ToArray(), relative);
        }
    }

    public static IReadOnlyList<string> Ops(OnnxModel model) => [.. model.Graph.Node.Select(node => node.OpType)];

    private static void CompareFloats(float[] expected, float[] actual, double relative)
    {
        var scale = expected.Where(float.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        for (var i = 0; i < expected.Length; i++)
            if (!expected[i].Equals(actual[i]) && !(Math.Abs((double)expected[i] - actual[i]) <= relative * scale))
                Assert.Fail($"element {i} is {actual[i]}, was {expected[i]}, and at most {relative * scale:g3} is allowed");
    }
}
