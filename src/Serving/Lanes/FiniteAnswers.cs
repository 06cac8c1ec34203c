using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Serving.Lanes;

/// <summary>Refuses answers that are not numbers: as the model's failure, or as the request's where it brought them itself. One thread.</summary>
internal sealed class FiniteAnswers(IReadOnlyList<TensorSpec> inputs, IReadOnlyList<TensorSpec> outputs)
{
    /// <summary>What is wrong with the outputs of the run that a context just made; OK where all are finite. Allocates nothing then.</summary>
    public Outcome Explain(RunContext context)
    {
        for (int i = 0; i < outputs.Count; i++)
        {
            var view = context.Output(i);
            if (!FiniteCheck.IsFinite(view.Type, view.Data)) return Blame(context, outputs[i].Name);
        }
        return Outcome.Ok;
    }

    private Outcome Blame(RunContext context, string output)
    {
        for (int i = 0; i < inputs.Count; i++)
        {
            if (!FiniteCheck.IsFinite(inputs[i].Type, context.Input(i)))
                return Outcome.Invalid($"input '{inputs[i].Name}' is not finite, and so output '{output}' is not either");
        }
        return new Outcome(RefusalReason.NotFinite, $"output '{output}' is not finite");
    }
}
