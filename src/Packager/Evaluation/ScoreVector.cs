using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;

namespace EdgeRuntime.Packaging.Evaluation;

/// <summary>An output's elements as float32.</summary>
internal static class ScoreVector
{
    public static ReadOnlySpan<float> Of(OutputView output)
    {
        if (output.Type == ElementType.Float32) return output.As<float>();
        if (output.Type == ElementType.Float64) return Converted(output.As<double>(), static value => (float)value);
        if (output.Type == ElementType.Float16) return Converted(output.As<Half>(), static value => (float)value);
        throw new PackagerException($"an output of {output.Type.ProtocolName()} holds no scores: FP32, FP64 or FP16 is needed");
    }

    private static float[] Converted<T>(ReadOnlySpan<T> values, Func<T, float> convert)
    {
        var floats = new float[values.Length];
        for (var i = 0; i < floats.Length; i++) floats[i] = convert(values[i]);
        return floats;
    }
}
