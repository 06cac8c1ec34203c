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
