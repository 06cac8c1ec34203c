namespace EdgeRuntime.Packaging.Quantization;

// y' - y = (W' - W) x, whose mean is (W' - W) E[x]:  b' = b - (W' - W) E[x]
/// <summary>
/// Takes out of a layer the mean of the error that its rounded weights bring (Nagel et al. 2019). The mean input is taken to be the same at each
/// place of the kernel, which holds but for the border.
/// </summary>
internal static class BiasCorrection
{
    /// <param name="exact">[out, in / group, ...kernel].</param>
    /// <param name="rounded">What they became.</param>
    /// <param name="inner">in / group.</param>
    /// <param name="group">Groups of channels.</param>
    /// <param name="means">Of each input channel.</param>
    /// <returns>To add to the bias of each output channel.</returns>
    public static double[] Of(float[] exact, ConvolutionWeights rounded, int inner, int group, double[] means)
    {
        var channels = rounded.Scales.Length;
        int depth = exact.Length / channels, kernel = depth / inner;
        var correction = new double[channels];
        for (var at = 0; at < exact.Length; at++)
        {
            var channel = at / depth;
            var input = channel / (channels / group) * inner + at % depth / kernel;
            correction[channel] -= (rounded.Values[at] * (double)rounded.Scales[channel] - exact[at]) * means[input];
        }
        return correction;
    }
}
