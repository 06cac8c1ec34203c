namespace EdgeRuntime.Serving.Scheduling;

/// <summary>
/// How many requests come in the first moments after a run could begin. Clients that ask again once they are answered fall into step with the runs: those
/// of one run come back just after the next has begun, and each run has a part of them only. Where that is so, a run that waits for them a moment does
/// more in a second. Times in the clock's units. Not thread-safe: kept under its queue's lock.
/// </summary>
internal sealed class Gathering(long second)
{
    private const double Gain = 1 / 8.0;
    private const double LeastGain = 1.1; // what a second must do more
    private const double LeastExpected = 0.5; // requests
    private const int MostOfRun = 4; // a wait is no longer than this part of the run
    private static readonly double[] Moments = [0.0005, 0.001, 0.002, 0.004]; // seconds

    private readonly double[] _expected = new double[Moments.Length];
    private readonly int[] _came = new int[Moments.Length], _caught = new int[Moments.Length];
    private long _ready;

    /// <summary>What a run waits in the mean.</summary>
    public double Mean { get; private set; }

    /// <summary>How many came after the run had begun that a wait would have caught which such a run may have.</summary>
    public int Missed(long duration)
    {
        int missed = 0;
        for (int i = 0; i < Moments.Length && Moments[i] * second <= (double)duration / MostOfRun; i++) missed = _came[i] - _caught[i];
        return missed;
    }

    /// <summary>A request was admitted.</summary>
    public void Arrived(long now)
    {
        if (_ready == 0) return;
        for (int i = Moments.Length - 1; i >= 0 && now - _ready <= Moments[i] * second; i--) _came[i]++;
    }

    /// <summary>A run could begin: whether it should wait, until when, and for how many.</summary>
    /// <param name="now">The time.</param>
    /// <param name="waiting">Requests that are there for it.</param>
    /// <param name="most">Requests that it may have.</param>
    /// <param name="takes">What a run of so many requests takes.</param>
    public GatherPlan Ready(long now, int waiting, int most, Func<double, double> takes)
    {
        for (int i = 0; i < Moments.Length; i++)
        {
            if (_ready > 0) _expected[i] += (_came[i] - _expected[i]) * Gain;
            (_came[i], _caught[i]) = (0, 0);
        }
        _ready = now;
        var best = new GatherPlan(now, waiting);
        if (waiting >= most || waiting == 0 || _expected[^1] < LeastExpected) return best;
        double worth = LeastGain * waiting / takes(waiting);
        for (int i = 0; i < Moments.Length; i++)
        {
            double wait = Moments[i] * second, together = Math.Min(most, waiting + _expected[i]), run = takes(together);
            if (wait > run / MostOfRun || together / (run + wait) <= worth) continue;
            (worth, best) = (together / (run + wait), new GatherPlan(now + (long)wait, (int)Math.Round(together)));
        }
        return best;
    }

    /// <summary>The run begins.</summary>
    public void Begun(long now)
    {
        _came.CopyTo(_caught, 0);
        Mean += (now - _ready - Mean) * Gain;
    }
}

/// <summary>A wait for requests that are about to come.</summary>
/// <param name="Until">No longer than until then.</param>
/// <param name="Enough">No longer than until so many are there.</param>
internal readonly record struct GatherPlan(long Until, int Enough);
