using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Calibration;
using EdgeRuntime.Packaging.Import;

namespace EdgeRuntime.Packaging.Quantization.Tuning;

// error = sum |y' - y|^2 / sum |y|^2, summed over the outputs
/// <summary>How far a model's answers are from the exact ones on the first samples.</summary>
/// <param name="calibrator">Has the samples.</param>
/// <param name="model">Answers exactly.</param>
internal sealed class OutputError(Calibrator calibrator, OnnxModel model)
{
    public const int Samples = 8;

    private readonly IReadOnlyList<float[][]> _exact = calibrator.Answers(model, Samples);

    /// <summary>The error of a float model once it is in bytes; it stays as it is.</summary>
    /// <param name="floats">Ready to be quantized.</param>
    /// <param name="rules">The target's.</param>
    /// <param name="seen">Of its values.</param>
    /// <param name="tuning">Of its layers.</param>
    /// <param name="excluded">Layers that stay float, by their outputs.</param>
    public double InBytes(OnnxModel floats, Int8Rules rules, IReadOnlyDictionary<string, SeenValue> seen, LayerTuning tuning, params string[] excluded)
    {
        var rounded = floats.Clone();
        ByteWriter.Write(rounded, rules, seen, excluded.ToHashSet(StringComparer.Ordinal), tuning);
        return Of(rounded);
    }

    public double Of(OnnxModel other)
    {
        var answers = calibrator.Answers(other, Samples);
        double error = 0;
        for (var output = 0; output < _exact[0].Length; output++)
        {
            double difference = 0, power = 0;
            for (var sample = 0; sample < _exact.Count; sample++)
                for (var i = 0; i < _exact[sample][output].Length; i++)
                {
                    difference += Square(answers[sample][output][i] - (double)_exact[sample][output][i]);
                    power += Square(_exact[sample][output][i]);
                }
            error += power > 0 ? difference / power : difference;
        }
        return error;
    }

    private static double Square(double value) => value * value;
}
