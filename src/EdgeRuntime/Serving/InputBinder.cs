using System.Text;
using EdgeRuntime.Bundles;
using EdgeRuntime.Inference;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Device.Serving;

/// <summary>Puts what a request holds into a model's inputs: tensors by name, or an image by way of the bundle's own graph. One thread.</summary>
internal sealed class InputBinder(TensorNames inputs, string model, ImagePreprocessor? preprocessor, int imageInput) : IDisposable
{
    /// <summary>What is wrong with the request; OK where all inputs are bound.</summary>
    /// <exception cref="InferenceException">An image cannot be decoded.</exception>
    public Outcome Bind(InferenceRequest request, RunContext context) => request.IsImage ? BindImage(request, context) : BindTensors(request, context);

    public void Dispose() => preprocessor?.Dispose();

    private Outcome BindImage(InferenceRequest request, RunContext context)
    {
        if (preprocessor is null) return Outcome.Invalid($"model '{model}' takes no images: its bundle has no preprocess graph");
        var tensor = preprocessor.Run(request.Image.Span);
        context.BindInput(imageInput, tensor.Data, tensor.Shape);
        return Outcome.Ok;
    }

    private Outcome BindTensors(InferenceRequest request, RunContext context)
    {
        for (int i = 0; i < inputs.Count; i++)
        {
            int at = request.Inputs.IndexOf(inputs[i]);
            if (at < 0) return Outcome.Invalid($"input '{inputs.Spec(i).Name}' of model '{model}' is missing");
            var tensor = request.Inputs[at];
            if (TensorCheck.Explain(inputs.Spec(i), TensorNames.ElementOf(tensor.DataType), tensor.Shape, tensor.Data.Length) is { } mismatch)
                return Outcome.Invalid(mismatch.Message);
            context.BindInput(i, tensor.Data, tensor.Shape);
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
