using EdgeRuntime.Packaging.Calibration;
using EdgeRuntime.Packaging.Passes.Integers;

namespace EdgeRuntime.Packaging.Quantization.Equalising;

// s_c = (r_c / max r)^a, a power of two;   noise(s) = D^2 sum_oc (w_oc s_c)^2 + sum_o d_o^2 sum_c E[x_c^2] / s_c^2,   D = max_c r_c / s_c / 255,  d_o = max_c |w_oc s_c| / 127
/// <summary>
/// How much smaller than the largest a channel becomes. Bytes have one step for all channels of a value and one for each output of the weights, so a small
/// channel is made larger for the steps of the value and pays in those of the weights behind it; the weights before it do not notice. Classic equalisation
/// (Nagel et al. 2019) balances the ranges of two weights instead, which is for one step a tensor.
/// </summary>
internal static class ScaleChoice
{
    private const int LeastExponent = -8;

    /// <summary>Of the noise that has to go for a change to be worth it.</summary>
    private const double Worthwhile = 0.1;

    private static readonly double[] Powers = [0.25, 0.5, 0.75, 1];

    /// <param name="sizes">Of the value between.</param>
    /// <param name="weights">Of the second convolution: [out, in / group, ...kernel].</param>
    /// <param name="inner">in / group.</param>
    /// <param name="outputs">Of the second convolution.</param>
    /// <returns>Powers of two, one a channel, none above 1; null where all stay.</returns>
    public static float[]? Of(ChannelSizes sizes, float[] weights, int inner, int outputs)
    {
        float[] ones = [.. sizes.Largest.Select(_ => 1f)];
        if (sizes.Largest is [] || sizes.Largest.Max() is 0) return null;
        var rows = new Rows(weights, inner, outputs, sizes.Largest.Length / inner);
        var squares = sizes.MeanSquares;
        var (best, least) = ((float[]?)null, Noise(sizes.Largest, squares, rows, ones) * (1 - Worthwhile));
        foreach (var power in Powers)
        {
            var tried = Scales(sizes.Largest, power);
            if (Noise(sizes.Largest, squares, rows, tried) is var noise && noise < least) (best, least) = (tried, noise);
        }
        return best;
    }

    private static float[] Scales(float[] largest, double power)
    {
        var most = largest.Max();
        return [.. largest.Select(one => one > 0 ? MathF.ScaleB(1, Math.Max(LeastExponent, (int)Math.Ceiling(power * Math.Log2(one / (double)most)))) : 1)];
    }

    private static double Noise(float[] largest, double[] squares, Rows rows, float[] scales)
    {
        var step = largest.Select((one, channel) => one / (double)scales[channel]).Max() / ValueRange.Steps;
        double noise = 0;
        for (var output = 0; output < rows.Outputs; output++)
        {
            double gain = 0, power = 0, most = 0;
            for (var at = 0; at < rows.Depth; at++)
            {
                var channel = rows.Channel(output, at);
                var weight = Math.Abs(rows.Weights[output * rows.Depth + at] * (double)scales[channel]);
                (gain, most) = (gain + weight * weight, Math.Max(most, weight));
                power += squares[channel] / ((double)scales[channel] * scales[channel]);
            }
            noise += step * step * gain + most / ByteColumns.Full * (most / ByteColumns.Full) * power;
        }
        return noise;
    }

    private readonly record struct Rows(float[] Weights, int Inner, int Outputs, int Groups)
    {
        public int Depth => Weights.Length / Outputs;

        public int Channel(int output, int at) => output / (Outputs / Groups) * Inner + at / (Depth / Inner);
    }
}
