using EdgeRuntime.Serving.Degradation;
using static System.FormattableString;

namespace EdgeRuntime.Device.Decisions;

/// <summary>Says in words why a run took the rung that it did.</summary>
internal static class RungExplanation
{
    /// <summary>Whether the same rung is chosen from the same again.</summary>
    public static bool IsSameAgain(in RungRecord record, out string again)
    {
        int chosen = record.Decision.Decide();
        again = Name(record.Decision, chosen);
        return chosen == record.Decision.Chosen;
    }

    public static string Of(in RungRecord record)
    {
        var decision = record.Decision;
        return Invariant($"{record.Model}: ran as {Name(decision, decision.Chosen)} with {decision.Left * 1000:0} ms left and {decision.Waiting.Count} promised behind it; ")
            + string.Join("; ", Enumerable.Range(0, decision.Rungs.Count).Select(place => Rung(decision, place)));
    }

    private static string Name(RungDecision decision, int place) => place < 0 ? "none" : $"'{decision.Ids[place]}'";

    private static string Rung(RungDecision decision, int place)
    {
        var rung = decision.Rungs[place];
        return Invariant($"'{decision.Ids[place]}' {rung.Seconds * 1000:0.##} ms, {Standing(decision, place, rung)}");
    }

    private static string Standing(RungDecision decision, int place, in Rung rung) =>
        rung.Quality < decision.Floor ? Invariant($"its quality {rung.Quality:0.####} is below the floor of {decision.Floor:0.####}")
        : place < decision.Cap ? "above the cap"
        : rung.IsUntried && place == decision.Chosen && decision.Waiting.Count > 0 ? "untried, and others are promised on its word"
        : !decision.IsSafe(place) ? "not sure to keep all promises"
        : Invariant($"worth {decision.Worth(place):0.####}");
}
