using EdgeRuntime.Inference;

namespace EdgeRuntime.Serving.Lanes.Batching;

/// <summary>
/// The outputs of one member of a batch, as if it had run alone: its rows, without the steps that come of padding. Valid until another member is
/// selected or the model runs again. One thread.
/// </summary>
internal sealed class MemberOutputs(RunContext context, BatchRules rules) : IOutputViews
{
    private const int MostSizes = 4096;

    private readonly long[][] _shapes = [.. rules.Outputs.Select(output => new long[Math.Max(output.Shape.Count, 1)])];
    private readonly byte[][] _trimmed = [.. rules.Outputs.Select(_ => (byte[])[])];
    private readonly Dictionary<(int Output, long Size), long> _steps = []; // that runs without padding gave
    private Batch? _batch;
    private BatchMember? _member;

    /// <summary>Shows one member of a batch that has run.</summary>
    public void Select(Batch batch, BatchMember member) => (_batch, _member) = (batch, member);

    /// <summary>An output of the selected member.</summary>
    /// <exception cref="InferenceException">The output has other rows than the batch.</exception>
    public OutputView this[int output]
    {
        get
        {
            var whole = context.Output(output);
            if (_batch!.Count == 1) return whole;
            if (!HasRows(whole, _batch.Rows))
                throw new InferenceException(InferenceError.ModelInvalid, $"output '{rules.Outputs[output].Name}' has not the {_batch.Rows} rows of its batch");
            int rowBytes = whole.Data.Length / _batch.Rows, rows = _member!.Inputs.Rows;
            var shape = Shape(output, whole.Shape, rows);
            var mine = new OutputView(whole.Type, shape, whole.Data.Slice(_member.FirstRow * rowBytes, rows * rowBytes));
            return _batch.PaddedSize > 0 && rules.FollowingAxis(output) is > 0 and var axis ? Trim(output, mine, axis) : mine;
        }
    }

    /// <summary>Learns from a run without padding how many steps a size gives; false where outputs do not have the rows that went in.</summary>
    public bool Learn(Batch batch)
    {
        for (int output = 0; output < rules.Outputs.Count; output++)
        {
            var whole = context.Output(output);
            if (!HasRows(whole, batch.Rows)) return false;
            if (rules.PaddedInput < 0 || batch.PaddedSize > 0 || rules.FollowingAxis(output) is not (> 0 and var axis) || _steps.Count >= MostSizes) continue;
            _steps.TryAdd((output, batch.Size(batch[0])), whole.Shape[axis]);
        }
        return true;
    }

    private static bool HasRows(OutputView view, int rows) => view.Shape.Length > 0 && view.Shape[0] == rows;

    private Span<long> Shape(int output, ReadOnlySpan<long> whole, int rows)
    {
        if (_shapes[output].Length < whole.Length) _shapes[output] = new long[whole.Length];
        var shape = _shapes[output].AsSpan(0, whole.Length);
        whole.CopyTo(shape);
        shape[0] = rows;
        return shape;
    }

    // What the size gave when it was run as it is, else its part of the steps, rounded up as strided layers do.
    private long Steps(int output, long padded)
    {
        long size = _batch!.Size(_member!);
        if (_steps.TryGetValue((output, size), out long known)) return Math.Min(known, padded);
        return Math.Min(padded, (padded * size + _batch.PaddedSize - 1) / _batch.PaddedSize);
    }

    private OutputView Trim(int output, OutputView mine, int axis)
    {
        long padded = mine.Shape[axis], kept = Steps(output, padded);
        if (kept == padded || padded == 0) return mine;
        int outer = 1, inner = TensorSize.OfElement(mine.Type);
        for (int i = 0; i < axis; i++) outer *= (int)mine.Shape[i];
        for (int i = axis + 1; i < mine.Shape.Length; i++) inner *= (int)mine.Shape[i];
        int from = (int)padded * inner, to = (int)kept * inner;
        if (_trimmed[output].Length < outer * to) _trimmed[output] = new byte[outer * to];
        var target = _trimmed[output].AsSpan(0, outer * to);
        for (int run = 0; run < outer; run++) mine.Data.Slice(run * from, to).CopyTo(target[(run * to)..]);
        _shapes[output][axis] = kept;
        return new OutputView(mine.Type, _shapes[output].AsSpan(0, mine.Shape.Length), target);
    }
}
