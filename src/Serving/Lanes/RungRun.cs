using EdgeRuntime.Inference;
using EdgeRuntime.Serving.Lanes.Batching;

namespace EdgeRuntime.Serving.Lanes;

/// <summary>One worker's way to run one variant, with its buffers and what is known of its batches. One thread, but for the context's Cancel.</summary>
internal sealed class RungRun : IDisposable
{
    public RungRun(ServedVariant variant, BatchRules rules)
    {
        (Variant, Context, Proof) = (variant, variant.CreateContext(), new BatchProof(rules));
        Outputs = new MemberOutputs(Context, rules);
    }

    public ServedVariant Variant { get; }

    public RunContext Context { get; }

    /// <summary>Whether rows are independent of each other: what holds for one variant need not for another, whose sums are rounded otherwise.</summary>
    public BatchProof Proof { get; }

    public MemberOutputs Outputs { get; }

    public void Dispose() => Context.Dispose();
}
