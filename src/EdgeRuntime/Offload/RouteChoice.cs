using EdgeRuntime.Serving.Admission;
using EdgeRuntime.Serving.Degradation;

namespace EdgeRuntime.Device.Offload;

/// <param name="Route">Where to.</param>
/// <param name="HasFallback">Whether the device can still answer should the server not.</param>
/// <param name="Worth">What is expected of it, in quality.</param>
internal readonly record struct RouteDecision(RequestRoute Route, bool HasFallback, double Worth);

/// <summary>What the device itself could do for a request at its arrival.</summary>
/// <param name="Fits">Whether it can promise an answer, and keep what it promised before.</param>
/// <param name="Worth">The most that a run is worth at the price of the moment, in quality.</param>
/// <param name="LeastWorth">What the shortest run is worth, which is what a fallback takes.</param>
/// <param name="IsBarred">Whether it is not asked at all: its model is not in service, or the client wants a server.</param>
internal readonly record struct LocalOffer(bool Fits, double Worth, double LeastWorth, bool IsBarred = false)
{
    /// <summary>Of a ladder and what is promised.</summary>
    /// <param name="ladder">The model's.</param>
    /// <param name="schedule">What is promised.</param>
    /// <param name="left">Seconds until the deadline.</param>
    /// <param name="cap">The best rung at present.</param>
    /// <param name="floor">The least quality.</param>
    public static LocalOffer Of(Ladder ladder, in Schedule schedule, double left, int cap, double floor)
    {
        int shortest = ladder.Shortest(cap, floor);
        if (shortest < 0 || !schedule.Fits(left, ladder[shortest].Seconds)) return default;
        double price = ladder.Price(schedule.Fullness);
        return new LocalOffer(true, ladder.Worth(price, cap, floor), ladder.Worth(shortest, price));
    }
}

/// <summary>What is known of the server at a request's arrival.</summary>
/// <param name="IsAllowed">By the request, and by the breaker.</param>
/// <param name="IsProbe">The breaker is open: it is only asked where the device could answer itself.</param>
/// <param name="MayRisk">Whether it may be asked where the device could not answer itself: few are, since all of them are lost with the server.</param>
/// <param name="Quality">Of its answers.</param>
/// <param name="Mean">Seconds until its answer is here, expected.</param>
/// <param name="Deviation">Their standard deviation.</param>
/// <param name="Reserve">What the mean counts for where the device could not answer itself: networks have worse moments than those that were seen.</param>
internal readonly record struct ServerOffer(bool IsAllowed, bool IsProbe, bool MayRisk, double Quality, double Mean, double Deviation, double Reserve = ServerOffer.UsualReserve)
{
    /// <summary>A promise that may be broken is better not made.</summary>
    public const double UsualReserve = 2;

    /// <summary>Of a request above the usual priority: to refuse it is as bad as to be late.</summary>
    public const double UrgentReserve = 1.1;
}

/// <summary>The decision at arrival; a function of what it is given, so that a recorded one can be made again.</summary>
internal static class RouteChoice
{
    private const double LeastHope = 1.0; // standard deviations: with a fallback, five in six are enough

    /// <param name="here">The device's.</param>
    /// <param name="left">Seconds until the deadline.</param>
    /// <param name="floor">The least quality.</param>
    /// <param name="offer">The server's.</param>
    /// <param name="deviations">Caution.</param>
    public static RouteDecision Decide(in LocalOffer here, double left, double floor, in ServerOffer offer, double deviations)
    {
        var local = here.Fits ? new RouteDecision(RequestRoute.Local, false, here.Worth) : default;
        if (!offer.IsAllowed || offer.Quality < floor) return local;
        bool isSafe = (offer.Reserve * offer.Mean) + (deviations * offer.Deviation) <= left;
        bool isLikely = offer.Mean + (LeastHope * offer.Deviation) <= left;
        bool isGood = here.Fits ? isLikely : isSafe && offer.MayRisk && !offer.IsProbe;
        if (!isGood) return local;
        double chance = Normal.Below((left - offer.Mean) / Math.Max(offer.Deviation, 1e-6));
        double there = (chance * offer.Quality) + (here.Fits ? (1 - chance) * here.LeastWorth : 0);
        return here.Fits && local.Worth >= there ? local : new RouteDecision(RequestRoute.Server, here.Fits, there);
    }
}
