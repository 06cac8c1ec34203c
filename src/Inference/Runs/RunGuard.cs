using Microsoft.ML.OnnxRuntime;

namespace EdgeRuntime.Inference.Runs;

/// <summary>
/// Ends a run early, once, and never the one after it: whoever wants to end it may come late, from any thread.
/// </summary>
internal sealed class RunGuard : IDisposable
{
    private readonly Lock _gate = new();
    private bool _running, _abandoned;

    /// <summary>What the run is given.</summary>
    public RunOptions Options { get; } = new();

    /// <summary>Why the last run was ended early; <see cref="RunOutcome.Completed"/> where it was not.</summary>
    public RunOutcome Ended { get; private set; }

    /// <summary>When the watchdog is to end the run, or to give it up, in its clock's timestamps.</summary>
    public long Due { get; set; }

    /// <summary>How long after it was told to end a run may take to do so; null where it is waited for.</summary>
    public TimeSpan? Grace { get; init; }

    /// <summary>Told that the run was given up.</summary>
    public Action? Hung { get; init; }

    /// <summary>Whether the watchdog has told the run under way to end; the watchdog's own.</summary>
    public bool IsTold { get; set; }

    public void Begin()
    {
        lock (_gate)
        {
            _running = true;
            IsTold = false;
            Ended = RunOutcome.Completed;
        }
    }

    public void Terminate(RunOutcome why)
    {
        lock (_gate)
        {
            if (!_running || Ended != RunOutcome.Completed) return;
            Ended = why;
            Options.Terminate = true;
        }
    }

    /// <summary>Gives the run up; false where it has ended.</summary>
    public bool TryAbandon()
    {
        lock (_gate)
        {
            if (!_running) return false;
            _running = false;
            return _abandoned = true;
        }
    }

    /// <summary>Ends the run; false where it was given up, so that whoever waited for it has gone on without.</summary>
    public bool End()
    {
        lock (_gate)
        {
            if (_abandoned) return false;
            _running = false;
            if (Ended != RunOutcome.Completed) Options.Terminate = false;
            return true;
        }
    }

    public void Dispose() => Options.Dispose();
}
