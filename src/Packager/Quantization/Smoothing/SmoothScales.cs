using EdgeRuntime.Packaging.Calibration;
using EdgeRuntime.Packaging.Passes.Integers;

namespace EdgeRuntime.Packaging.Quantization.Smoothing;

// s_c = peak(x_c)^alpha / peak(W_c)^(1 - alpha);  x' = x / s, W' = s W
// error(s) = step(x')^2 / 12 |W'|^2 + sum_c E[x'_c^2] sum_n step(W'_n)^2 / 12, for each row of x
/// <summary>
/// How much of an input's range its weights take over, channel by channel (Xiao et al. 2023): that alpha of a grid at which the rounding of bytes, of the input
/// and of the weights, makes least error in the products, as it is expected of what was seen.
/// </summary>
internal static class SmoothScales
{
    private const double Variance = 1.0 / 12;

    /// <summary>What the error must fall to, to be worth other constants.</summary>
    private const double WorthIt = 0.9;

    private static readonly double[] Grid = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8];

    /// <param name="spans">Of the input.</param>
    /// <param name="weights">Of all products that read it, each [columns, channels].</param>
    /// <param name="symmetric">Whether the input's bytes have their zero in the middle.</param>
    /// <returns>The alpha, its scales and what part of the error stays; null where none is worth it.</returns>
    public static (double Alpha, double[] Scales, double Left)? Best(ChannelSpans spans, IReadOnlyList<float[]> weights, bool symmetric)
    {
        var channels = spans.Low.Length;
        var peaks = Peaks(weights, channels);
        var plain = Error(spans, weights, [.. Enumerable.Repeat(1.0, channels)], symmetric);
        var best = Grid.Select(alpha => (Alpha: alpha, Scales: Of(spans, peaks, alpha))).Select(tried => (tried.Alpha, tried.Scales, Left: Error(spans, weights, tried.Scales, symmetric) / plain)).MinBy(tried => tried.Left);
        return best.Left < WorthIt ? best : null;
    }

    /// <summary>Their geometric mean is 1, so that a channel that is always 0, or is never read, stays as it is.</summary>
    public static double[] Of(ChannelSpans spans, double[] peaks, double alpha)
    {
        var scales = new double[peaks.Length];
        for (var channel = 0; channel < peaks.Length; channel++)
            if (spans.Peak(channel) > 0 && peaks[channel] > 0) scales[channel] = alpha * Math.Log(spans.Peak(channel)) - (1 - alpha) * Math.Log(peaks[channel]);
            else scales[channel] = double.NaN;
        var middle = scales.Where(double.IsFinite).DefaultIfEmpty(0).Average();
        return [.. scales.Select(scale => double.IsFinite(scale) ? Math.Exp(scale - middle) : 1)];
    }

    private static double[] Peaks(IReadOnlyList<float[]> weights, int channels)
    {
        var peaks = new double[channels];
        foreach (var matrix in weights)
            for (var at = 0; at < matrix.Length; at++) peaks[at % channels] = Math.Max(peaks[at % channels], Math.Abs(matrix[at]));
        return peaks;
    }

    private static double Error(ChannelSpans spans, IReadOnlyList<float[]> weights, double[] scales, bool symmetric)
    {
        double low = 0, high = 0, power = 0;
        for (var channel = 0; channel < scales.Length; channel++)
        {
            low = Math.Min(low, spans.Low[channel] / scales[channel]);
            high = Math.Max(high, spans.High[channel] / scales[channel]);
            power += spans.Power[channel] / (scales[channel] * scales[channel]);
        }
        var step = symmetric ? Math.Max(-low, high) / ByteColumns.Full : (high - low) / ValueRange.Steps;
        double squares = 0, steps = 0;
        foreach (var matrix in weights)
            for (var column = 0; column < matrix.Length; column += scales.Length)
            {
                double peak = 0;
                for (var channel = 0; channel < scales.Length; channel++)
                {
                    var weight = matrix[column + channel] * scales[channel];
                    squares += weight * weight;
                    peak = Math.Max(peak, Math.Abs(weight));
                }
                steps += peak / ByteColumns.Full * (peak / ByteColumns.Full);
            }
        return Variance * (step * step * squares + power * steps);
    }
}
