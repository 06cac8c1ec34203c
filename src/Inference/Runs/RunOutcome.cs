namespace EdgeRuntime.Inference;

/// <summary>How a run ended that did not fail.</summary>
public enum RunOutcome
{
    /// <summary>The outputs are there.</summary>
    Completed,

    /// <summary>Its time was over before or during the run; there are no outputs.</summary>
    DeadlineExceeded,

    /// <summary>The token was cancelled before or during the run; there are no outputs.</summary>
    Cancelled,
}
