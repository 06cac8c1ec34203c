using EdgeRuntime.Bundles;
using EdgeRuntime.Inference.Serving;

namespace EdgeRuntime.Inference;

/// <summary>Whether a variant gives, on this machine, the answers that were recorded in its bundle.</summary>
public static class SelfTest
{
    /// <summary>Runs every golden vector on the form that is in service.</summary>
    /// <param name="bundle">Holds the vectors.</param>
    /// <param name="variant">What is tested.</param>
    /// <param name="budget">The most that one run may take; null for as long as it takes. A run that ends nowhere near it never returns.</param>
    /// <param name="cancel">Ends it.</param>
    /// <returns>The worst agreement that was seen; 1 and 0 where the bundle has no golden vectors.</returns>
    /// <exception cref="InferenceException">An answer is further off than the variant's manifest allows, or took too long.</exception>
    public static GoldenAgreement Run(InstalledBundle bundle, ServedVariant variant, TimeSpan? budget = null, CancellationToken cancel = default)
    {
        using var context = variant.CreateContext(hung: null);
        var limits = bundle.Manifest.Variants.First(candidate => candidate.Id == variant.Id);
        var worst = new GoldenAgreement(1, 0);
        foreach (var golden in bundle.Manifest.Golden)
        {
            cancel.ThrowIfCancellationRequested();
            Bind(context, GoldenInputs.Read(bundle, golden, variant.Inputs));
            Execute(context, variant, golden, budget ?? Timeout.InfiniteTimeSpan, cancel);
            worst = worst.Worse(Compare(context, variant, limits, golden, GoldenArrays.Read(bundle, golden.Outputs)));
        }
        return worst;
    }

    private static void Execute(RunContext context, ServedVariant variant, GoldenVector golden, TimeSpan budget, CancellationToken cancel)
    {
        var end = context.Run(budget, cancel);
        if (end == RunOutcome.Cancelled) throw new OperationCanceledException(cancel);
        if (end == RunOutcome.DeadlineExceeded)
            throw new InferenceException(InferenceError.ExecutionFailed, $"variant '{variant.Id}' of model '{variant.Model}', {golden.Inputs}: no answer within {budget.TotalSeconds:f0} s");
    }

    private static void Bind(RunContext context, IReadOnlyList<NamedArray> inputs)
    {
        for (int i = 0; i < inputs.Count; i++) context.BindInput(i, inputs[i].Data, inputs[i].Shape);
    }

    private static GoldenAgreement Compare(RunContext context, ServedVariant variant, Variant limits, GoldenVector golden, IReadOnlyList<NamedArray> arrays)
    {
        var worst = new GoldenAgreement(1, 0);
        for (int i = 0; i < variant.Outputs.Count; i++)
        {
            string name = variant.Outputs[i].Name;
            var expected = arrays.Named(name, golden.Outputs);
            var actual = context.Output(i);
            if (!actual.Shape.SequenceEqual(expected.Shape) || actual.Type != expected.Type)
                throw Mismatch(variant, golden, name, $"has the shape [{string.Join(',', actual.Shape.ToArray())}] of {actual.Type}, not [{string.Join(',', expected.Shape)}] of {expected.Type}");
            var agreement = GoldenAgreement.Of(actual.Type, expected.Data, actual.Data);
            if (!(agreement.Cosine >= limits.GoldenMinCosine)) throw Mismatch(variant, golden, name, $"agrees to a cosine of {agreement.Cosine:f6}, below the limit of {limits.GoldenMinCosine:f6}");
            if (!(agreement.Absolute <= limits.GoldenMaxAbsolute)) throw Mismatch(variant, golden, name, $"is off by {agreement.Absolute:g4}, over the limit of {limits.GoldenMaxAbsolute:g4}");
            worst = worst.Worse(agreement);
        }
        return worst;
    }

    private static InferenceException Mismatch(ServedVariant variant, GoldenVector golden, string output, string what) =>
        new(InferenceError.GoldenMismatch, $"variant '{variant.Id}' of model '{variant.Model}', {golden.Inputs}: output '{output}' {what}");
}
