using System.Text;
using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Lanes.Batching;

namespace EdgeRuntime.Serving.Lanes;

/// <summary>Finds what a request puts into a model's inputs: tensors by name, or an image by way of the bundle's own graph. One thread.</summary>
internal sealed class InputBinder(TensorNames inputs, string model, ImagePreprocessor? preprocessor, int imageInput) : IDisposable
{
    /// <summary>What is wrong with the request; OK where all inputs are found.</summary>
    /// <exception cref="InferenceException">An image cannot be decoded.</exception>
    public Outcome Read(InferenceRequest request, MemberInputs found)
    {
        found.Begin(request);
        return request.IsImage ? ReadImage(request, found) : ReadTensors(request, found);
    }

    public void Dispose() => preprocessor?.Dispose();

    private Outcome ReadImage(InferenceRequest request, MemberInputs found)
    {
        if (preprocessor is null) return Outcome.Invalid($"model '{model}' takes no images: its bundle has no preprocess graph");
        found.SetImage(imageInput, preprocessor.Run(request.Image.Span));
        return Outcome.Ok;
    }

    private Outcome ReadTensors(InferenceRequest request, MemberInputs found)
    {
        for (int i = 0; i < inputs.Count; i++)
        {
            int at = request.Inputs.IndexOf(inputs[i]);
            if (at < 0) return Outcome.Invalid($"input '{inputs.Spec(i).Name}' of model '{model}' is missing");
            var tensor = request.Inputs[at];
            if (TensorCheck.Explain(inputs.Spec(i), TensorNames.ElementOf(tensor.DataType), tensor.Shape, tensor.Data.Length) is { } mismatch)
                return Outcome.Invalid(mismatch.Message);
            found.Set(i, at);
        }
        return request.Inputs.Count == inputs.Count ? Outcome.Ok : Unknown(request.Inputs);
    }

    private Outcome Unknown(TensorSet given)
    {
        for (int i = 0; i < given.Count; i++)
        {
            if (inputs.IndexOf(given[i].Name) < 0)
                return Outcome.Invalid($"model '{model}' has no input '{Identifier.Quote(Encoding.UTF8.GetString(given[i].Name))}', only {inputs}");
        }
        return Outcome.Ok;
    }
}
