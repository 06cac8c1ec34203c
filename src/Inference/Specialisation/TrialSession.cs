using EdgeRuntime.Inference.Sessions;
using Microsoft.ML.OnnxRuntime;

namespace EdgeRuntime.Inference.Specialisation;

/// <summary>A session that is opened to be tried on the sample: how long it took to open, and what memory it took.</summary>
internal sealed class TrialSession : IDisposable
{
    private readonly SpecialisationRequest _request;
    private readonly SessionSlot _slot;
    private readonly long _memoryBefore = ProcessMemory.Anonymous();

    public TrialSession(SpecialisationRequest request, string modelPath, LoadMode mode, TimeProvider time, Action<SessionOptions>? more = null)
    {
        _request = request;
        Form = mode switch { LoadMode.Specialised => SessionForm.Specialised, LoadMode.Prepacked => SessionForm.Prepacked, _ => SessionForm.Plain };
        long start = time.GetTimestamp();
        _slot = new SessionSlot(new SharedSession(SessionFactory.Open(modelPath, mode, request.Options, request.Provider, more), Form));
        OpenMilliseconds = time.GetElapsedTime(start).TotalMilliseconds;
        Context = new RunContext(_slot, request.Inputs, request.Outputs, time);
    }

    public SessionForm Form { get; }

    public RunContext Context { get; }

    public double OpenMilliseconds { get; }

    /// <summary>The private memory that opening and the first run added to the process, roughly: others work beside.</summary>
    public long AnonymousBytes { get; private set; }

    public void Run(SampleInputs sample, CancellationToken cancel)
    {
        sample.Bind(Context);
        if (Context.Run(Timeout.InfiniteTimeSpan, cancel) != RunOutcome.Completed) throw new OperationCanceledException(cancel);
        if (AnonymousBytes == 0) AnonymousBytes = Math.Max(ProcessMemory.Anonymous() - _memoryBefore, 0);
    }

    /// <summary>Null where the outputs of the last run are another session's.</summary>
    public string? Differs(TrialSession other)
    {
        for (int i = 0; i < _request.Outputs.Count; i++)
        {
            var difference = OutputComparison.Explain(_request.Outputs[i].Name, other.Context.Output(i), Context.Output(i), OutputComparison.Tolerance);
            if (difference is not null) return difference;
        }
        return null;
    }

    public void Dispose()
    {
        Context.Dispose();
        _slot.Dispose();
    }
}
