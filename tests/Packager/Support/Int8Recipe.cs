using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Calibration;
using EdgeRuntime.Packaging.Commands;
using EdgeRuntime.Packaging.Data;
using EdgeRuntime.Packaging.Passes;
using EdgeRuntime.Packaging.Variants;

namespace EdgeRuntime.Packaging.Tests.Support;

/// <summary>All passes of int8 for a target, calibrated on made-up inputs.</summary>
internal static class Int8Recipe
{
    private const int Samples = 8;

    public static IPass[] For(Target target, params long[] shape) =>
        [.. VariantLadder.Of([VariantLadder.Int8], [target], Calibrator(shape)).Single().Passes];

    /// <summary>Of the input <c>x</c>, and more of another type.</summary>
    public static Calibrator Calibrator(long[] shape, params ReadOnlySpan<(string Name, ElementType Type, long[] Shape)> more)
    {
        List<TensorSpec> inputs = [new TensorSpec { Name = "x", Type = ElementType.Float32, Shape = shape }];
        foreach (var (name, type, size) in more) inputs.Add(new TensorSpec { Name = name, Type = type, Shape = size });
        return new Calibrator(new MadeUpData(inputs, Samples), new CommandOutput(TextWriter.Null, TextWriter.Null, isTerminal: false), default);
    }
}
