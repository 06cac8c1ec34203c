using System.Text;
using EdgeRuntime.Inference;
using EdgeRuntime.Messaging.OpenInference;

namespace EdgeRuntime.Device.Serving;

/// <summary>One worker's way through a model: bind, run, build the answer. Keeps its buffers; allocates nothing per request once warm. One thread.</summary>
internal sealed class ModelRunner : IDisposable
{
    /// <summary>How a request ends that the device gave up to shut down.</summary>
    public static readonly Outcome Abandoned = new(InferenceStatus.Unavailable, "the device shut down before the request was answered");

    private readonly RunContext _context;
    private readonly InputBinder _binder;
    private readonly AnswerBuilder _answers;
    private readonly FiniteAnswers? _finite;
    private readonly byte[] _name, _version;

    public ModelRunner(ServedModel model)
    {
        _context = model.Variant.CreateContext();
        _binder = model.CreateBinder();
        _answers = AnswerBuilder.Of(model.Bundle, model.Outputs);
        _finite = model.ChecksFinite ? new FiniteAnswers(model.Variant.Inputs, model.Variant.Outputs) : null;
        _name = Encoding.UTF8.GetBytes(model.Name);
        _version = Encoding.UTF8.GetBytes(model.Version);
    }

    /// <summary>Answers a request that has been read.</summary>
    /// <param name="request">Tensors or an image.</param>
    /// <param name="accept">The content type that the answer must have, if any.</param>
    /// <param name="budget">The time that is left.</param>
    /// <param name="response">Takes the answer where the outcome is OK.</param>
    /// <param name="abandon">Ends the run when cancelled.</param>
    public Outcome Run(InferenceRequest request, PayloadFormat? accept, TimeSpan budget, InferenceResponse response, CancellationToken abandon = default)
    {
        try
        {
            if (_answers.Check(request) is { Status: not InferenceStatus.Ok } unknown) return unknown;
            if (_binder.Bind(request, _context) is { Status: not InferenceStatus.Ok } refused) return refused;
            var end = _context.Run(budget, abandon);
            if (end == RunOutcome.Cancelled) return Abandoned;
            if (end != RunOutcome.Completed) return new Outcome(InferenceStatus.DeadlineExceeded, "the deadline passed while the model ran");
            if (_finite?.Explain(_context) is { Status: not InferenceStatus.Ok } notFinite) return notFinite;
            response.Start(_name, _version, request.Id);
            _answers.Build(_context, request, accept, response);
            return Outcome.Ok;
        }
        catch (InferenceException error)
        {
            return Outcome.Of(error);
        }
    }

    public void Dispose()
    {
        _context.Dispose();
        _binder.Dispose();
    }
}
