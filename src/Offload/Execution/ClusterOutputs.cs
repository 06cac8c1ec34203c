using System.Text;
using EdgeRuntime.Inference;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Lanes;

namespace EdgeRuntime.Offload.Execution;

/// <summary>What a cluster answered, as the outputs of the bundle that it has the model of. One thread.</summary>
internal sealed class ClusterOutputs(TensorNames names) : IOutputViews
{
    private InferenceResponse? _response;

    public void Show(InferenceResponse response) => _response = response;

    public OutputView this[int output]
    {
        get
        {
            int at = _response!.Outputs.IndexOf(names[output]);
            if (at < 0) throw new InferenceException(InferenceError.ModelInvalid, $"the cluster's answer has no output '{names.Spec(output).Name}', which the bundle has");
            var tensor = _response.Outputs[at];
            var type = names.Spec(output).Type;
            if (tensor.DataType != TensorNames.WireType(type))
                throw new InferenceException(InferenceError.TypeMismatch, $"output '{names.Spec(output).Name}' of the cluster's answer is {Encoding.ASCII.GetString(tensor.DataType.WireName())}, the bundle's is {type}");
            return new OutputView(type, tensor.Shape, tensor.Data);
        }
    }
}
