using System.Text;
using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Serving.Lanes;

/// <summary>
/// One step of a bundle's postprocessing: an output of the model becomes named outputs of the answer. Holds buffers of its own: one
/// thread. The names are plain where the bundle has one step, and begin with the output's name where it has several.
/// </summary>
internal abstract class AnswerStep(int output, string prefix)
{
    /// <summary>The model's output that it reads.</summary>
    public int Output { get; } = output;

    /// <exception cref="InferenceException">The output is not what the step takes.</exception>
    public abstract void Append(OutputView view, InferenceRequest request, PayloadFormat? accept, InferenceResponse response);

    protected byte[] Name(string name) => Encoding.UTF8.GetBytes(prefix + name);

    /// <summary>The step that a manifest describes, or null for raw.</summary>
    public static AnswerStep? Of(PostprocessStep step, InstalledBundle bundle, bool alone)
    {
        int output = 0;
        while (bundle.Manifest.Outputs[output].Name != step.Output) output++;
        var prefix = alone ? "" : step.Output + ".";
        var labels = step.Labels is { } entry ? Labels.Parse(bundle.ReadEntry(entry, ByteCount.FromMebibytes(16)), entry) : null;
        return step.Kind switch
        {
            PostprocessStep.Ctc => new CtcAnswer(output, prefix, new CtcDecoder(labels ?? throw NoLabels(step), step.Blank, step.Softmax)),
            PostprocessStep.TopK => new TopKAnswer(output, prefix, step.K, step.Softmax, labels),
            _ => null,
        };
    }

    protected static InferenceException Unfit(string step, OutputView view, string wanted) => new(InferenceError.ModelInvalid,
        $"{step} takes {wanted}; the model gave {view.Type}[{string.Join(',', view.Shape.ToArray())}]");

    private static InferenceException NoLabels(PostprocessStep step) => new(InferenceError.ModelInvalid, $"postprocessing '{step.Kind}' of output '{step.Output}' names no labels");
}
