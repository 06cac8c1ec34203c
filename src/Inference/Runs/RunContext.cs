using EdgeRuntime.Bundles;
using EdgeRuntime.Inference.Sessions;
using Microsoft.ML.OnnxRuntime;

namespace EdgeRuntime.Inference;

using EdgeRuntime.Inference.Runs;

/// <summary>
/// One worker's way to run a model: inputs are copied into native buffers of its own, outputs are read where the model left
/// them. Everything is kept from run to run, so that runs of a repeated shape allocate nothing. Not thread-safe: one
/// thread binds, runs and reads; the session underneath may be swapped at any time.
/// </summary>
public sealed partial class RunContext : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly SessionSlot _slot;
    private readonly RunWatchdog _watchdog;
    private readonly RunGuard _guard;
    private readonly Lock _gate = new();
    private readonly InputBinding[] _inputs;
    private readonly OutputBinding[] _outputs;
    private SharedSession? _session, _unwanted;
    private OrtIoBinding? _binding;
    private bool _disposed;

    /// <param name="slot">Where sessions come from.</param>
    /// <param name="inputs">What they take.</param>
    /// <param name="outputs">What they give.</param>
    /// <param name="time">The clock of deadlines.</param>
    /// <param name="grace">How long a run may take to end after its deadline before it is given up; null where it is waited for.</param>
    /// <param name="hung">Told that it was.</param>
    internal RunContext(
        SessionSlot slot, IReadOnlyList<TensorSpec> inputs, IReadOnlyList<TensorSpec> outputs, TimeProvider time, TimeSpan? grace = null, Action? hung = null)
    {
        _slot = slot;
        _guard = new RunGuard { Grace = grace, Hung = hung };
        _watchdog = RunWatchdog.For(time);
        _inputs = [.. inputs.Select(input => new InputBinding(input))];
        _outputs = [.. outputs.Select(output => new OutputBinding(output))];
        _outputValues = new nint[_outputs.Length];
        slot.Add(this);
    }

    /// <summary>The form of the session that the last run used.</summary>
    public SessionForm Form { get; private set; }

    /// <summary>Runs the model on what is bound, for at most <paramref name="budget"/>, on the calling thread and the session's own.</summary>
    /// <param name="budget">The time that is left; <see cref="Timeout.InfiniteTimeSpan"/> for as long as it takes.</param>
    /// <param name="cancel">Ends the run when cancelled.</param>
    /// <returns>Whether there are outputs. A run is ended between two of the model's nodes, not within one.</returns>
    /// <exception cref="InferenceException">An input is missing, or the model failed.</exception>
    public RunOutcome Run(TimeSpan budget, CancellationToken cancel = default) => Run(budget, null, cancel);

    /// <inheritdoc cref="Run(TimeSpan, CancellationToken)"/>
    /// <param name="budget">The time that is left.</param>
    /// <param name="isUnwanted">Asked once <see cref="Cancel"/> can end the run: whoever gave it up before that is heard here.</param>
    /// <param name="cancel">Ends the run when cancelled.</param>
    public RunOutcome Run(TimeSpan budget, Func<bool>? isUnwanted, CancellationToken cancel)
    {
        if (cancel.IsCancellationRequested) return RunOutcome.Cancelled;
        if (budget != Timeout.InfiniteTimeSpan && budget <= TimeSpan.Zero) return RunOutcome.DeadlineExceeded;
        RunOutcome outcome;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            Attach_NeedsLock();
            outcome = Run_NeedsLock(budget, isUnwanted, cancel);
        }
        if (Volatile.Read(ref _unwanted) is { } unwanted) LetGoOf(unwanted);
        return outcome;
    }

    /// <summary>Runs the model for as long as it takes.</summary>
    /// <exception cref="InferenceException">An input is missing, or the model failed.</exception>
    public void Run() => _ = Run(Timeout.InfiniteTimeSpan);

    /// <summary>Ends the run under way, which then says <see cref="RunOutcome.Cancelled"/>; does nothing where there is none. Any thread.</summary>
    public void Cancel() => _guard.Terminate(RunOutcome.Cancelled);

    /// <summary>Frees the buffers; the views of outputs end with it.</summary>
    public void Dispose()
    {
        _slot.Remove(this);
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
            Detach_NeedsLock();
        }
        foreach (var input in _inputs) input.Dispose();
        foreach (var output in _outputs) output.Dispose();
        _guard.Dispose();
    }

    /// <summary>Gives up a session that is no longer current, or has the run under way do so at its end; outputs already read from it stay valid.</summary>
    internal void LetGoOf(SharedSession? session)
    {
        if (session is null) return;
        Volatile.Write(ref _unwanted, session);
        if (!_gate.TryEnter(Patience)) return; // a run that hangs holds it for ever
        try
        {
            if (ReferenceEquals(_session, session)) Detach_NeedsLock();
            _unwanted = null;
        }
        finally
        {
            _gate.Exit();
        }
    }

    private RunOutcome Run_NeedsLock(TimeSpan budget, Func<bool>? isUnwanted, CancellationToken cancel)
    {
        _guard.Begin();
        bool bounded = budget != Timeout.InfiniteTimeSpan;
        if (bounded) _watchdog.Arm(_guard, budget);
        try
        {
            if (isUnwanted?.Invoke() == true) _guard.Terminate(RunOutcome.Cancelled);
            using (cancel.UnsafeRegister(static guard => ((RunGuard)guard!).Terminate(RunOutcome.Cancelled), _guard)) return Execute_NeedsLock();
        }
        finally
        {
            if (bounded) _watchdog.Disarm(_guard);
            if (!_guard.End()) StayAway_NeedsLock();
        }
    }

    // Whoever waited has answered in this thread's place and lent what it held to others: it must never return into code that
    // would touch that. A parked thread costs the pages of its stack; the session is what is large.
    private void StayAway_NeedsLock()
    {
        Detach_NeedsLock();
        using var never = new ManualResetEventSlim();
        never.Wait();
    }

    private void Attach_NeedsLock()
    {
        if (_session is not null && ReferenceEquals(_session, _slot.Current)) return;
        Detach_NeedsLock();
        _session = _slot.Acquire();
        _binding = _session.Session.CreateIoBinding();
        foreach (var input in _inputs) input.Unbound();
        _outputsStale = true;
        Form = _session.Form;
    }

    private void Detach_NeedsLock()
    {
        _binding?.Dispose();
        _binding = null;
        _session?.Release();
        _session = null;
    }
}
