using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Packaging.Data;

namespace EdgeRuntime.Packaging.Evaluation;

/// <summary>One run of a model on one sample.</summary>
internal static class SampleRun
{
    /// <exception cref="PackagerException">The sample does not fit, or the model fails on it; the message names the sample.</exception>
    public static void On(RunContext context, PlainModel model, Sample sample, CancellationToken cancel)
    {
        try
        {
            for (var i = 0; i < model.Inputs.Count; i++)
            {
                var array = sample.Inputs.First(array => array.Name == model.Inputs[i].Name);
                context.BindInput(i, array.Data, array.Shape);
            }
            if (context.Run(Timeout.InfiniteTimeSpan, cancel) != RunOutcome.Completed) throw new OperationCanceledException(cancel);
        }
        catch (InferenceException error)
        {
            throw new PackagerException($"{sample.Name}: {error.Message}", error);
        }
    }

    /// <summary>The outputs of the last run, copied.</summary>
    public static IReadOnlyList<NamedArray> Outputs(RunContext context, PlainModel model)
    {
        var arrays = new List<NamedArray>(model.Outputs.Count);
        for (var i = 0; i < model.Outputs.Count; i++)
        {
            var output = context.Output(i);
            arrays.Add(new NamedArray(model.Outputs[i].Name, output.Type, output.Shape.ToArray(), output.Data.ToArray()));
        }
        return arrays;
    }
}
