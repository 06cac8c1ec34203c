namespace EdgeRuntime.Packaging.Passes.Integers;

/// <summary>
/// In which order ONNX Runtime's x86 kernels multiply the weights of an output, found by experiment (PairOrderTests). Without VNNI they add the products
/// of the places 2i and 2i + 1 of that order in 16 bits, also across two places of a convolution's kernel.
/// </summary>
internal static class KernelOrder
{
    /// <summary>Of a convolution: all channels of a place of the kernel, then the next place.</summary>
    /// <param name="dims">Of its weights, [out, in / group, ...kernel].</param>
    /// <param name="groups">Of the convolution.</param>
    /// <returns>Places in an output's weights; null where each product is added in 32 bits: one channel in and one out a group.</returns>
    public static int[]? OfConvolution(IReadOnlyList<long> dims, long groups)
    {
        if (dims[1] == 1 && dims[0] == groups) return null;
        int inner = (int)dims[1], kernel = dims.Skip(2).Aggregate(1, (product, size) => product * (int)size);
        return [.. Enumerable.Range(0, inner * kernel).Select(at => at % inner * kernel + at / inner)];
    }
}
