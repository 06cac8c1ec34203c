using System.Runtime.InteropServices;
using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;

namespace EdgeRuntime.Serving.Lanes.Batching;

/// <summary>
/// Whether rows of a batch are independent of each other, which an open first axis does not say: a model may sum over it. The first two requests that
/// could share a run are answered from runs of their own; then they run once more together, with a disturbance between them, and both must come out as
/// before. One thread.
/// </summary>
internal sealed class BatchProof(BatchRules rules)
{
    private const int MostBytes = 16 << 20; // a larger answer proves no more, and is not worth its copy
    // Sums in another order; integers of a quantized model may round the other way, which moves scores by a step.
    private const double LeastCosine = 0.999, MostOfRange = 0.05, Rounding = 1;

    private byte[][] _alone = [];

    /// <summary>Null while it is not known.</summary>
    public bool? Holds { get; private set; } = rules.IsBatchable ? null : false;

    /// <summary>Why it does not hold.</summary>
    public string Reason { get; private set; } = "the first axis of an input or output is fixed";

    /// <summary>Notes what a request gave alone.</summary>
    /// <param name="member">0 or 1.</param>
    /// <param name="outputs">Of that member.</param>
    public void Keep(int member, MemberOutputs outputs)
    {
        int count = rules.Outputs.Count;
        if (_alone.Length == 0) _alone = new byte[2 * count][];
        for (int i = 0; i < count; i++) _alone[member * count + i] = outputs[i].Data.ToArray();
    }

    /// <summary>Whether both have run alone.</summary>
    public bool IsReady => _alone.Length > 0 && Array.TrueForAll(_alone, static kept => kept is not null);

    /// <summary>Whether what is kept of both is small enough to be compared.</summary>
    public bool IsWorthIt(RunContext context)
    {
        long bytes = 0;
        for (int i = 0; i < rules.Outputs.Count; i++) bytes += context.Output(i).Data.Length;
        return bytes <= MostBytes;
    }

    /// <summary>Compares what both gave together.</summary>
    /// <param name="together">The first, a disturbance, the second.</param>
    /// <param name="outputs">Of that run.</param>
    public void Judge(Batch together, MemberOutputs outputs)
    {
        string? difference = null;
        for (int member = 0; member < 2; member++)
        {
            outputs.Select(together, member == 0 ? together[0] : together[^1]);
            for (int i = 0; i < rules.Outputs.Count; i++) difference ??= Difference(member, i, outputs[i]);
        }
        Conclude(difference);
    }

    /// <summary>Ends the doubt.</summary>
    /// <param name="difference">Why rows depend on each other; null where they do not.</param>
    public void Conclude(string? difference)
    {
        _alone = [];
        (Holds, Reason) = (difference is null, difference ?? "");
    }

    private string? Difference(int member, int output, OutputView together)
    {
        var alone = _alone[member * rules.Outputs.Count + output];
        if (alone.Length != together.Data.Length) return $"output '{rules.Outputs[output].Name}' has another size in a batch";
        var agreement = GoldenAgreement.Of(together.Type, alone, together.Data);
        double allowed = together.Type == ElementType.Float32 ? MostOfRange * Range(MemoryMarshal.Cast<byte, float>(alone)) : Rounding;
        return agreement.Cosine >= LeastCosine && agreement.Absolute <= allowed
            ? null
            : $"output '{rules.Outputs[output].Name}' changes in a batch (cosine {agreement.Cosine:f6}, by up to {agreement.Absolute:g3})";
    }

    private static double Range(ReadOnlySpan<float> values)
    {
        double range = 0;
        foreach (float value in values) range = Math.Max(range, Math.Abs(value));
        return range;
    }
}
