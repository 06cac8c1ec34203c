namespace EdgeRuntime.Device.Offload;

/// <summary>
/// How many requests may be with servers that the device could not answer itself: all of them are lost with a server. One to begin with, one more for
/// every so many answers that came, half of them after a loss (additive increase, multiplicative decrease). Not thread-safe.
/// </summary>
internal sealed class RiskLimit(int most)
{
    private const int AnswersForOneMore = 4;

    private int _answers;

    public int Value { get; private set; } = Math.Min(1, most);

    /// <summary>An answer came in time.</summary>
    public void Answered()
    {
        if (++_answers < AnswersForOneMore) return;
        (_answers, Value) = (0, Math.Min(most, Value + 1));
    }

    /// <summary>Something was lost, or is late.</summary>
    public void Failed() => (_answers, Value) = (0, Math.Min(most, Math.Max(1, Value / 2)));
}
