namespace EdgeRuntime.Serving.Degradation;

/// <summary>The choice of a rung as a run begins; a function of what it is given, so that a recorded one can be made again.</summary>
internal static class RungChoice
{
    /// <summary>Standard deviations; one promise in two thousand.</summary>
    public const double Caution = 3.3;

    /// <summary>
    /// The place of the best trade that keeps what is promised, of those that the cap leaves; one above the cap only for a floor that was accepted before the
    /// cap came. Negative where no rung meets the floor.
    /// </summary>
    /// <param name="ladder">The open rungs.</param>
    /// <param name="schedule">What waits beyond this run.</param>
    /// <param name="left">Seconds until the run's tightest deadline.</param>
    /// <param name="cap">The place of the best rung that may be used.</param>
    /// <param name="floor">The least quality.</param>
    public static int Decide(Ladder ladder, in Schedule schedule, double left, int cap, double floor)
    {
        int chosen = ladder.Choose(schedule, left, cap, floor);
        if (chosen < 0) chosen = ladder.Shortest(0, floor);
        return chosen >= 0 && !schedule.IsEmpty ? Tried(ladder, chosen, floor) : chosen;
    }

    // What waits was promised on the word of a rung that was never run here: better to hear from it while there is time than at the last moment.
    private static int Tried(Ladder ladder, int chosen, double floor)
    {
        for (int place = ladder.Count - 1; place > chosen; place--)
            if (ladder[place].IsUntried && ladder[place].Quality >= floor) return place;
        return chosen;
    }
}
