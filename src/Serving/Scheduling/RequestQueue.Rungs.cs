using EdgeRuntime.Serving.Degradation;

namespace EdgeRuntime.Serving.Scheduling;

internal sealed partial class RequestQueue<T>
{
    private const int Looks = 64; // at those that wait, from the first in rank on; so many tell how full the schedule is

    /// <summary>The rung of a run that begins now, by what waits behind it; negative where none meets its floor. Allocates nothing.</summary>
    /// <param name="run">Whose first request was taken.</param>
    /// <param name="now">The time.</param>
    /// <param name="observer">Told how it was chosen; null for nobody.</param>
    public int ChooseRung(in RunAhead run, long now, Action<RungDecision>? observer = null)
    {
        int chosen;
        RungDecision? decision;
        lock (_gate) chosen = ChooseRung_NeedsLock(run, now, observer is not null, out decision);
        if (decision is not null) observer!(decision);
        return chosen;
    }

    private int ChooseRung_NeedsLock(in RunAhead run, long now, bool isObserved, out RungDecision? decision)
    {
        int requests = Math.Min(_forecast.MostInAnyRun, 1 + _count);
        long tightest = run.Latest;
        for (int i = 0; i < requests - 1; i++) tightest = Math.Min(tightest, At(i).Latest);
        Span<Promise> waiting = stackalloc Promise[Looks];
        var promises = waiting[..Promises_NeedsLock(waiting, requests - 1, now)];
        double left = Seconds(tightest - now);
        int chosen = _forecast.Choose(promises, run, requests, left, now);
        decision = isObserved ? _forecast.Recall(promises, run, left, now, chosen) : null;
        return chosen;
    }

    // By deadline, which within a priority and a round they have already.
    private int Promises_NeedsLock(Span<Promise> promises, int from, long now)
    {
        int count = 0;
        for (int i = from; i < _count && count < promises.Length; i++)
        {
            var promise = new Promise(Seconds(At(i).Latest - now), _forecast.Share(At(i).Rung));
            if (promise.Left <= promise.Least) continue; // it has no chance already, and no run makes it later
            int place = count++;
            for (; place > 0 && promises[place - 1].Left > promise.Left; place--) promises[place] = promises[place - 1];
            promises[place] = promise;
        }
        return count;
    }

    private double Seconds(long span) => (double)span / _forecast.Second;
}
