using System.Text;
using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Serving.Lanes;

/// <summary>Makes a run's outputs the outputs of an answer: as the bundle's postprocessing says, or as they are where the request asks for them. One thread.</summary>
internal sealed class AnswerBuilder(TensorNames outputs, string model, IReadOnlyList<AnswerStep> steps)
{
    public static AnswerBuilder Of(InstalledBundle bundle, TensorNames outputs)
    {
        var manifest = bundle.Manifest;
        var steps = manifest.Postprocessing.Select(step => AnswerStep.Of(step, bundle, manifest.Postprocessing.Count == 1)).OfType<AnswerStep>();
        return new AnswerBuilder(outputs, manifest.Name, [.. steps]);
    }

    /// <summary>What is wrong with the outputs that a request names; asked before the model runs.</summary>
    public Outcome Check(InferenceRequest request)
    {
        if (!WantsRaw(request)) return Outcome.Ok;
        for (int i = 0; i < request.Outputs.Count; i++)
        {
            if (outputs.IndexOf(request.Outputs[i].Name) < 0)
                return Outcome.Invalid($"model '{model}' has no output '{Identifier.Quote(Encoding.UTF8.GetString(request.Outputs[i].Name))}', only {outputs}");
        }
        return Outcome.Ok;
    }

    /// <exception cref="InferenceException">An output is not what postprocessing takes.</exception>
    public void Build(IOutputViews found, InferenceRequest request, PayloadFormat? accept, InferenceResponse response)
    {
        if (WantsRaw(request)) AddRaw(found, request, accept, response);
        else
            foreach (var step in steps) step.Append(found[step.Output], request, accept, response);
    }

    // Naming a tensor of the model is asking for it; so is parameter postprocess = false.
    private bool WantsRaw(InferenceRequest request)
    {
        if (steps.Count == 0) return true;
        if (request.Parameters.TryGet("postprocess"u8, out var wish) && wish is { Kind: ParameterKind.Boolean, Boolean: false }) return true;
        for (int i = 0; i < request.Outputs.Count; i++)
            if (outputs.IndexOf(request.Outputs[i].Name) >= 0) return true;
        return false;
    }

    private void AddRaw(IOutputViews found, InferenceRequest request, PayloadFormat? accept, InferenceResponse response)
    {
        for (int i = 0; i < outputs.Count; i++)
        {
            var name = outputs[i];
            if (request.Outputs.Count > 0 && request.Outputs.IndexOf(name) < 0) continue;
            var view = found[i];
            response.Outputs.Add(name, TensorNames.WireType(view.Type), view.Shape, view.Data, request.WantsBinary(name, accept));
        }
    }
}
