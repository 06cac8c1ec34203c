using Microsoft.ML.OnnxRuntime;

namespace EdgeRuntime.Inference.Runs;

/// <summary>
/// Ends a run early, once, and never the one after it: whoever wants to end it may come late, from any thread.
/// </summary>
internal sealed class RunGuard : IDisposable
{
    private readonly Lock _gate = new();
    private bool _running;

    /// <summary>What the run is given.</summary>
    public RunOptions Options { get; } = new();

    /// <summary>Why the last run was ended early; <see cref="RunOutcome.Completed"/> where it was not.</summary>
    public RunOutcome Ended { get; private set; }

    /// <summary>When the watchdog is to end the run, in its clock's timestamps.</summary>
    public long Due { get; set; }

    public void Begin()
    {
        lock (_gate)
        {
            _running = true;
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

    public void End()
    {
        lock (_gate)
        {
            _running = false;
            if (Ended != RunOutcome.Completed) Options.Terminate = false;
        }
    }

    public void Dispose() => Options.Dispose();
}
