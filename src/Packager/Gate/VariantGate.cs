using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Packaging.Building;
using EdgeRuntime.Packaging.Evaluation;
using EdgeRuntime.Packaging.Measurement;
using EdgeRuntime.Packaging.Variants;

namespace EdgeRuntime.Packaging.Gate;

/// <summary>Loads a variant, looks at what ONNX Runtime made of it, measures quality and then speed: onto the ladder, or out with the figures.</summary>
internal sealed class VariantGate(QualityGate quality, SpeedGate speed, string auditFolder, BuildLog log)
{
    private static readonly string[] Floats = [VariantLadder.Fp32, VariantLadder.Fp16];

    /// <returns>What to try instead, where the variant loses too much and its recipe knows of something milder; null where it is decided.</returns>
    public VariantRecipe? Judge(MadeVariant made, Ladder ladder)
    {
        var id = made.Recipe.Id;
        foreach (var pass in made.Passes) log.Explain($"  {pass.Name}: {pass.Did} ({pass.Elapsed.TotalSeconds:f1} s)");
        log.Explain($"  golden answers: cosine {made.Agreement.Cosine:f9}, off by up to {made.Agreement.Absolute:g4}");
        var audit = Audit(made);
        using var session = PlainModel.Open(made.ModelPath, VariantForge.Options);
        var measured = quality.Measure(session, made.Recipe.Precision == VariantLadder.Fp32, (done, total) => log.Progress($"evaluating {id}", done, total));
        log.Say($"variant {id}: {measured.Metric} {measured.Value:f4} (95 % {measured.Low:f4} to {measured.High:f4}, {measured.Samples} samples), {measured.Relative:f4} of fp32, {made.Bytes}");
        if (quality.Refusal(measured) is { } worse)
        {
            if (made.Recipe.Milder is { } milder)
            {
                log.Say($"variant {id}: {worse}; trying again, tuned or with more of it in float");
                return milder();
            }
            Refuse(ladder, Refused(made, worse, measured, null, audit));
            return null;
        }
        Race(new LadderRung(made, measured, speed.Compare(made, session), audit), ladder);
        return null;
    }

    public void Refuse(Ladder ladder, RefusedVariant refused)
    {
        ladder.Refused.Add(refused);
        log.Say($"left out: {refused.Reason}");
    }

    private void Race(LadderRung rung, Ladder ladder)
    {
        var id = rung.Made.Recipe.Id;
        if (rung.Speed is { } figures) log.Say($"variant {id}: {figures.Milliseconds:f3} ms, fp32 {figures.ParentMilliseconds:f3} ms: {figures.Speedup:f2} x");
        if (speed.Refusal(rung.Made, rung.Speed) is not { } slower)
        {
            ladder.Accepted.Add(rung);
            return;
        }
        Refuse(ladder, Refused(rung.Made, slower, rung.Quality, rung.Speed, rung.Audit));
        ladder.TooSlow[id] = new MeasuredVariant { Digest = rung.Made.Digest.ToString(), PeakMemoryBytes = 0, Latencies = [], Comparison = rung.Speed };
    }

    private static RefusedVariant Refused(MadeVariant made, string reason, Quality measured, SpeedComparison? speed, AuditReport? audit) =>
        new(made.Recipe.Id, $"variant '{made.Recipe.Id}': {reason}", measured, speed, audit) { Bytes = made.Bytes.Bytes, Passes = made.Passes, Quantization = made.Quantization };

    private AuditReport? Audit(MadeVariant made)
    {
        if (Floats.Contains(made.Recipe.Precision)) return null;
        var audit = GraphAudit.Of(made.ModelPath, Path.Combine(auditFolder, made.Recipe.Id));
        log.Explain($"  in ONNX Runtime: {string.Join(", ", audit.Operators.Select(op => $"{op.Value} {op.Key}"))}");
        foreach (var finding in audit.Unfused) log.Explain($"  not fused: {finding}");
        return audit;
    }
}
