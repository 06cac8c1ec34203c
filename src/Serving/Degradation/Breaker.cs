namespace EdgeRuntime.Serving.Degradation;

/// <summary>
/// Whether a server is asked at all. Opens at once when it fails or is silent, then lets one request through after a pause that doubles up to
/// half a minute, with jitter so that a fleet does not come back as one. In seconds, on a clock that never goes back. Not thread-safe.
/// </summary>
internal sealed class Breaker(Random jitter)
{
    private const double FirstPause = 0.5, LongestPause = 30;

    private double _pause = FirstPause, _opensAgain;
    private bool _isProbing;

    public bool IsOpen { get; private set; }

    /// <summary>Whether a request may be sent: any while it is closed, one at a time once the pause is over.</summary>
    public bool Allows(double now) => !IsOpen || (now >= _opensAgain && !_isProbing);

    /// <summary>A request is sent.</summary>
    public void Sent() => _isProbing = IsOpen;

    /// <summary>An answer came.</summary>
    public void Succeeded() => (IsOpen, _isProbing, _pause) = (false, false, FirstPause);

    /// <summary>The request that was sent ended without saying anything of the server, as where its client gave it up: another may try it.</summary>
    public void GivenUp() => _isProbing = false;

    /// <summary>A request failed or stayed without an answer, or the server went silent.</summary>
    /// <param name="now">The time.</param>
    /// <param name="retryAfter">What the server asks for; 0 for nothing.</param>
    public void Failed(double now, double retryAfter = 0)
    {
        if (IsOpen && !_isProbing) return; // it is known
        if (IsOpen) _pause = Math.Min(LongestPause, 2 * _pause);
        (IsOpen, _isProbing) = (true, false);
        _opensAgain = now + Math.Max(retryAfter, _pause * (0.75 + (0.5 * jitter.NextDouble())));
    }
}
