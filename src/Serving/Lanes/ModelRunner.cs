using System.Diagnostics.CodeAnalysis;
using System.Text;
using EdgeRuntime.Inference;
using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Lanes.Batching;

namespace EdgeRuntime.Serving.Lanes;

/// <summary>
/// One worker's way through a model: read, run on one of its rungs, build the answer; for one request or several in one run. Keeps its buffers; allocates
/// nothing per request once warm. One thread, but for <see cref="Cancel"/>.
/// </summary>
internal sealed class ModelRunner : IDisposable
{
    /// <summary>How a request ends that the device gave up to shut down.</summary>
    public static readonly Outcome Abandoned = new(RefusalReason.ShuttingDown, "the device shut down before the request was answered");

    /// <summary>How a request ends that its client gave up.</summary>
    public static readonly Outcome Cancelled = new(RefusalReason.Cancelled, "the client gave the request up");

    private static readonly Outcome Late = new(RefusalReason.Deadline, "the deadline passed while the model ran");

    // As ONNX Runtime's arena and the C++ library put it.
    private static readonly string[] NoMemory = ["failed to allocate memory", "bad allocation", "bad_alloc", "out of memory"];

    private readonly InputBinder _binder;
    private readonly AnswerBuilder _answers;
    private readonly FiniteAnswers? _finite;
    private readonly RungRun?[] _rungs;
    private RungRun _rung;
    private readonly Batch _alone, _together;
    private readonly BatchMember _single;
    private readonly byte[] _name, _version;

    public ModelRunner(ServedModel model)
    {
        Model = model;
        Rules = new BatchRules(model.Bundle.Manifest.Inputs, model.Bundle.Manifest.Outputs);
        _binder = model.CreateBinder();
        _answers = AnswerBuilder.Of(model.Bundle, model.Outputs);
        _finite = model.ChecksFinite ? new FiniteAnswers(Rules.Inputs, Rules.Outputs) : null;
        _rungs = new RungRun?[model.Ladder.Count];
        Choose(model.Usable(0).Index, model.Variant);
        (_alone, _together, _single) = (new Batch(Rules), new Batch(Rules), new BatchMember(Rules.Inputs.Count));
        _name = Encoding.UTF8.GetBytes(model.Name);
        _version = Encoding.UTF8.GetBytes(model.Version);
    }

    /// <summary>What it runs.</summary>
    public ServedModel Model { get; }

    public BatchRules Rules { get; }

    /// <summary>Whether rows are independent of each other, on the chosen rung.</summary>
    public BatchProof Proof => _rung.Proof;

    /// <summary>Runs are of this rung from now on. What was made for one that was closed since is freed when it is open again.</summary>
    /// <param name="rung">Its index.</param>
    /// <param name="variant">What runs it; open until another is chosen.</param>
    [MemberNotNull(nameof(_rung))]
    public void Choose(int rung, ServedVariant variant)
    {
        if (_rungs[rung] is { } made && ReferenceEquals(made.Variant, variant)) _rung = made;
        else
        {
            _rungs[rung]?.Dispose();
            _rungs[rung] = _rung = new RungRun(variant, Rules);
        }
    }

    /// <summary>Answers one request that has been read, alone.</summary>
    /// <param name="request">Tensors or an image.</param>
    /// <param name="accept">The content type that the answer must have, if any.</param>
    /// <param name="budget">The time that is left.</param>
    /// <param name="response">Takes the answer where the outcome is OK.</param>
    /// <param name="abandon">Ends the run when cancelled.</param>
    public Outcome Run(InferenceRequest request, PayloadFormat? accept, TimeSpan budget, InferenceResponse response, CancellationToken abandon = default)
    {
        var outcome = Read(request, _single.Inputs);
        if (outcome.Status == InferenceStatus.Ok) outcome = RunAlone(_single, budget, abandon);
        return outcome.Status == InferenceStatus.Ok ? Build(_alone, _single, request, accept, response) : outcome;
    }

    /// <summary>What is wrong with a request; OK where its inputs are found.</summary>
    public Outcome Read(InferenceRequest request, MemberInputs inputs)
    {
        try
        {
            return _answers.Check(request) is { Status: not InferenceStatus.Ok } unknown ? unknown : _binder.Read(request, inputs);
        }
        catch (InferenceException error)
        {
            return Outcome.Of(error);
        }
    }

    /// <summary>Whether the last run that failed did so for want of memory.</summary>
    public bool LackedMemory { get; private set; }

    /// <summary>Runs a batch; OK where its members' answers can be built.</summary>
    /// <param name="batch">Whose inputs are found.</param>
    /// <param name="budget">The time that is left.</param>
    /// <param name="abandon">Ends the run when cancelled.</param>
    /// <param name="isUnwanted">Asked once <see cref="Cancel"/> can end the run, for what was given up before.</param>
    /// <param name="disturbed">A member whose elements are put in back to front; -1 for none.</param>
    public Outcome Run(Batch batch, TimeSpan budget, CancellationToken abandon, Func<bool>? isUnwanted = null, int disturbed = -1)
    {
        LackedMemory = false;
        try
        {
            batch.Bind(_rung.Context, disturbed);
            var end = _rung.Context.Run(budget, isUnwanted, abandon);
            if (end == RunOutcome.Cancelled) return abandon.IsCancellationRequested ? Abandoned : Cancelled;
            if (end != RunOutcome.Completed) return Late;
            if (_finite?.Explain(_rung.Context) is { Status: not InferenceStatus.Ok } notFinite) return notFinite;
            if (!_rung.Outputs.Learn(batch) && Proof.Holds != false) Proof.Conclude("an output has not the rows that went in");
            return Outcome.Ok;
        }
        catch (InferenceException error)
        {
            LackedMemory = Array.Exists(NoMemory, text => error.Message.Contains(text, StringComparison.OrdinalIgnoreCase));
            return Outcome.Of(error);
        }
    }

    /// <summary>Builds the answer of one member of a batch that has run.</summary>
    public Outcome Build(Batch batch, BatchMember member, InferenceRequest request, PayloadFormat? accept, InferenceResponse response)
    {
        try
        {
            _rung.Outputs.Select(batch, member);
            response.Start(_name, _version, request.Id);
            _answers.Build(_rung.Outputs, request, accept, response);
            return Outcome.Ok;
        }
        catch (InferenceException error)
        {
            return Outcome.Of(error);
        }
    }

    /// <summary>Keeps what a member of the pair gave alone, to be compared by <see cref="Prove"/>.</summary>
    public void KeepForProof(Batch alone, int place)
    {
        if (Proof.Holds is not null) return;
        if (!Proof.IsWorthIt(_rung.Context))
        {
            Proof.Conclude("its outputs are too large to compare");
            return;
        }
        _rung.Outputs.Select(alone, alone[0]);
        Proof.Keep(place, _rung.Outputs);
    }

    /// <summary>Finds out whether two members come out the same together; what cannot be run alone leaves it open.</summary>
    public void ProveFromScratch(BatchMember first, BatchMember second, TimeSpan budget, CancellationToken abandon)
    {
        for (int place = 0; place < 2 && Proof.Holds is null; place++)
        {
            if (RunAlone(place == 0 ? first : second, budget, abandon).Status != InferenceStatus.Ok) return;
            KeepForProof(_alone, place);
        }
        Prove(first, second, budget, abandon);
    }

    /// <summary>Finds out whether two members that have run alone come out the same together.</summary>
    public void Prove(BatchMember first, BatchMember second, TimeSpan budget, CancellationToken abandon)
    {
        if (Proof.Holds is not null || !Proof.IsReady) return;
        _together.Clear();
        _together.Add(first);
        _together.Add(second);
        _together.Add(second);
        var outcome = Run(_together, budget, abandon, disturbed: 1);
        if (outcome.Status == InferenceStatus.Ok && Proof.Holds is null) Proof.Judge(_together, _rung.Outputs);
        else if (outcome.Status != InferenceStatus.Unavailable) Proof.Conclude($"three rows could not be run: {outcome.Error}");
    }

    /// <summary>Ends the run under way; does nothing where there is none. Any thread.</summary>
    public void Cancel() => _rung.Context.Cancel();

    public void Dispose()
    {
        foreach (var rung in _rungs) rung?.Dispose();
        _binder.Dispose();
    }

    private Outcome RunAlone(BatchMember member, TimeSpan budget, CancellationToken abandon)
    {
        _alone.Clear();
        _alone.Add(member);
        return Run(_alone, budget, abandon);
    }
}
