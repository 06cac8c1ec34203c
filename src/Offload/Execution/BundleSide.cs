using EdgeRuntime.Inference;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Lanes;
using EdgeRuntime.Serving.Lanes.Batching;

namespace EdgeRuntime.Offload.Execution;

/// <summary>
/// What a bundle does on both sides of its model, for a model that a cluster computes: images and checks before it, postprocessing after it, so that an answer
/// is the same whoever computes. Holds buffers of its own: one thread at a time.
/// </summary>
internal sealed class BundleSide : IDisposable
{
    private readonly InputBinder _binder;
    private readonly AnswerBuilder _answers;
    private readonly MemberInputs _inputs;
    private readonly ClusterOutputs _outputs;

    private BundleSide(ServedModel model)
    {
        Model = model;
        _binder = model.CreateBinder();
        _answers = AnswerBuilder.Of(model.Bundle, model.Outputs);
        (_inputs, _outputs) = (new MemberInputs(model.Inputs.Count), new ClusterOutputs(model.Outputs));
    }

    /// <summary>Whose bundle it is; may be out of service by now.</summary>
    public ServedModel Model { get; }

    /// <summary>That of the model in service; null where none is.</summary>
    public static BundleSide? Of(ModelLane lane)
    {
        if (lane.Enter() is not { } server) return null;
        try
        {
            return new BundleSide(server.Model);
        }
        finally
        {
            server.Leave();
        }
    }

    /// <summary>Makes of a request what the cluster is asked.</summary>
    /// <param name="request">Tensors or an image.</param>
    /// <param name="tensors">Filled with its tensors.</param>
    public Outcome Read(InferenceRequest request, InferenceRequest tensors)
    {
        try
        {
            if (_answers.Check(request) is { Status: not InferenceStatus.Ok } unknown) return unknown;
            if (_binder.Read(request, _inputs) is { Status: not InferenceStatus.Ok } unfit) return unfit;
            if (!request.Id.IsEmpty) tensors.SetId(request.Id);
            for (int i = 0; i < Model.Inputs.Count; i++) tensors.Inputs.Add(Model.Inputs[i], TensorNames.WireType(Model.Inputs.Spec(i).Type), _inputs.Shape(i), _inputs.Data(i));
            return Outcome.Ok;
        }
        catch (InferenceException error)
        {
            return Outcome.Of(error);
        }
    }

    /// <summary>Makes of what the cluster computed what the request asks for.</summary>
    public Outcome Build(InferenceResponse computed, InferenceRequest request, PayloadFormat? accept, InferenceResponse answer)
    {
        try
        {
            _outputs.Show(computed);
            _answers.Build(_outputs, request, accept, answer);
            return Outcome.Ok;
        }
        catch (InferenceException error)
        {
            return Outcome.Of(error);
        }
    }

    public void Dispose() => _binder.Dispose();
}
