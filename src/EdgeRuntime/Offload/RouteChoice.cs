using EdgeRuntime.Serving.Degradation;

namespace EdgeRuntime.Device.Offload;

/// <summary>Where a request goes.</summary>
internal enum RequestRoute
{
    /// <summary>No choice would keep the promise.</summary>
    Refuse,

    /// <summary>Into the device's own queue.</summary>
    Local,

    /// <summary>To the server, with a run of its own kept ready where <see cref="RouteDecision.HasFallback"/> says so.</summary>
    Server,
}

/// <param name="Route">Where to.</param>
/// <param name="HasFallback">Whether the device can still answer should the server not.</param>
/// <param name="Worth">What is expected of it, in quality.</param>
internal readonly record struct RouteDecision(RequestRoute Route, bool HasFallback, double Worth);

/// <summary>What is known of the server at a request's arrival.</summary>
/// <param name="IsAllowed">By the request, and by the breaker.</param>
/// <param name="IsProbe">The breaker is open: it is only asked where the device could answer itself.</param>
/// <param name="MayRisk">Whether it may be asked where the device could not answer itself: few are, since all of them are lost with the server.</param>
/// <param name="Quality">Of its answers.</param>
/// <param name="Mean">Seconds until its answer is here, expected.</param>
/// <param name="Deviation">Their standard deviation.</param>
internal readonly record struct ServerOffer(bool IsAllowed, bool IsProbe, bool MayRisk, double Quality, double Mean, double Deviation);

/// <summary>The decision at arrival; a function of what it is given, so that a recorded one can be made again.</summary>
internal static class RouteChoice
{
    private const double Reserve = 2; // without a fallback: networks have worse moments than those that were seen
    private const double LeastHope = 1.0; // standard deviations: with a fallback, five in six are enough

    /// <param name="ladder">The model's.</param>
    /// <param name="schedule">What is promised.</param>
    /// <param name="left">Seconds until the deadline.</param>
    /// <param name="cap">The best rung at present.</param>
    /// <param name="floor">The least quality.</param>
    /// <param name="offer">The server's.</param>
    /// <param name="deviations">Caution.</param>
    public static RouteDecision Decide(Ladder ladder, in Schedule schedule, double left, int cap, double floor, in ServerOffer offer, double deviations)
    {
        int shortest = ladder.Shortest(cap, floor);
        bool fits = shortest >= 0 && schedule.Fits(left, ladder[shortest].Seconds);
        double price = ladder.Price(schedule.Fullness);
        var here = fits ? new RouteDecision(RequestRoute.Local, false, ladder.Worth(price, cap, floor)) : default;
        if (!offer.IsAllowed || offer.Quality < floor) return here;
        bool isSafe = (Reserve * offer.Mean) + (deviations * offer.Deviation) <= left;
        bool isLikely = offer.Mean + (LeastHope * offer.Deviation) <= left;
        bool isGood = fits ? isLikely : isSafe && offer.MayRisk && !offer.IsProbe;
        if (!isGood) return here;
        double chance = Normal.Below((left - offer.Mean) / Math.Max(offer.Deviation, 1e-6));
        double there = (chance * offer.Quality) + (fits ? (1 - chance) * ladder.Worth(shortest, price) : 0);
        return fits && here.Worth >= there ? here : new RouteDecision(RequestRoute.Server, fits, there);
    }
}
