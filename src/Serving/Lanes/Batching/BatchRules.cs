using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;

namespace EdgeRuntime.Serving.Lanes.Batching;

/// <summary>
/// What a manifest allows to share a run: rows along the first axis, where it is open in all inputs and outputs, and inputs of differing size where one
/// has a padding rule and each output shows where the padding ends. Whether rows are independent, no manifest says: see <see cref="BatchProof"/>. Immutable.
/// </summary>
internal sealed class BatchRules
{
    private readonly int[] _followingAxis; // of each output: the axis that grows with the padded one; -1 where none does

    public BatchRules(IReadOnlyList<TensorSpec> inputs, IReadOnlyList<TensorSpec> outputs)
    {
        (Inputs, Outputs) = (inputs, outputs);
        IsBatchable = inputs.All(HasRows) && outputs.All(HasRows);
        _followingAxis = [.. outputs.Select(OnlyOpenAxis)];
        int padded = inputs.Count(input => input.Padding is not null) == 1 ? inputs.ToList().FindIndex(input => input.Padding is not null) : -1;
        PaddedInput = IsBatchable && padded >= 0 && inputs[padded].Padding!.Axis > 0 && outputs.All(output => OpenAxes(output) <= 1) ? padded : -1;
    }

    public IReadOnlyList<TensorSpec> Inputs { get; }

    public IReadOnlyList<TensorSpec> Outputs { get; }

    public bool IsBatchable { get; }

    /// <summary>The one input that is padded; -1 where none is.</summary>
    public int PaddedInput { get; }

    /// <summary>The axis of the padded input that is.</summary>
    public int PaddedAxis => Inputs[PaddedInput].Padding!.Axis;

    /// <summary>The axis of an output that grows with the padded one; -1 where none does.</summary>
    public int FollowingAxis(int output) => _followingAxis[output];

    /// <summary>The size that a padded axis gets in a batch.</summary>
    public long Bucket(long size) => PaddingBuckets.Of(Inputs[PaddedInput].Padding!, size);

    private static bool HasRows(TensorSpec spec) => spec.HasRows() && TensorSize.OfElement(spec.Type) > 0;

    private static int OpenAxes(TensorSpec spec) => spec.Shape.Skip(1).Count(size => size < 0);

    private static int OnlyOpenAxis(TensorSpec spec)
    {
        if (OpenAxes(spec) != 1) return -1;
        int axis = 1;
        while (spec.Shape[axis] >= 0) axis++;
        return axis;
    }
}
