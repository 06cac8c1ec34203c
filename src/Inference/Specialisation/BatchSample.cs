namespace EdgeRuntime.Inference.Specialisation;

/// <summary>
/// The sample of a model that may be asked several things in one run. Such a run takes other kernels than one alone, which may pack weights at each run where
/// a lone vector needs none of it: a form that is as fast for one may take three times as long for eight.
/// </summary>
internal static class BatchSample
{
    private const int Rows = 8;
    private const int MostOfWeights = 8; // what goes in and out is no more than this part of the weights, or packing them is no matter, and memory is

    /// <summary>The sample so many times along the first axis; null where that axis is fixed, or the weights are no matter.</summary>
    /// <param name="request">What is specialised.</param>
    /// <param name="sample">Of one request.</param>
    /// <param name="context">Which ran that sample.</param>
    public static SampleInputs? Of(SpecialisationRequest request, SampleInputs sample, RunContext context)
    {
        if (!request.Inputs.Concat(request.Outputs).All(tensor => tensor.HasRows())) return null;
        long bytes = sample.Tensors.Sum(tensor => (long)tensor.Data.Length);
        for (int i = 0; i < request.Outputs.Count; i++) bytes += context.Output(i).Data.Length;
        return Rows * bytes <= request.WeightBytes / MostOfWeights ? new SampleInputs([.. sample.Tensors.Select(Repeat)]) : null;
    }

    private static SampleInputs.Tensor Repeat(SampleInputs.Tensor tensor)
    {
        var data = new byte[Rows * tensor.Data.Length];
        for (int row = 0; row < Rows; row++) tensor.Data.CopyTo(data, row * tensor.Data.Length);
        return new SampleInputs.Tensor(data, [Rows * tensor.Shape[0], .. tensor.Shape[1..]]);
    }
}
