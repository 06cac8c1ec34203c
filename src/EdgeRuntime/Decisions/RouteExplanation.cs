using EdgeRuntime.Device.Offload;
using EdgeRuntime.Serving.Admission;
using static System.FormattableString;

namespace EdgeRuntime.Device.Decisions;

/// <summary>Says in words why a request was sent where it was.</summary>
internal static class RouteExplanation
{
    /// <summary>Whether it comes out the same when it is decided again, to the bit.</summary>
    public static bool IsSameAgain(in RouteRecord record, out string again)
    {
        var decision = OffloadDesk.Decide(record.Here, record.Left, record.Floor, record.Offer);
        again = decision.ToString();
        return decision.Route == record.Decision.Route && decision.HasFallback == record.Decision.HasFallback
            && BitConverter.DoubleToInt64Bits(decision.Worth) == BitConverter.DoubleToInt64Bits(record.Decision.Worth);
    }

    public static string Of(in RouteRecord record) => $"{record.Model}: {Where(record)}; {Here(record)}; {There(record)}";

    private static string Where(in RouteRecord record) => record.Decision.Route switch
    {
        RequestRoute.Server => $"to server '{record.Server}'{(record.Decision.HasFallback ? "" : " without a fallback")}",
        RequestRoute.Local => "answered here",
        _ => "refused",
    };

    private static string Here(in RouteRecord record) => record.Here.Fits
        ? Invariant($"here it is worth {record.Here.Worth:0.####}")
        : record.Here.IsBarred ? "the device itself is not asked: its model is not in service, or the client wants a server (offload: only)"
        : Invariant($"the device cannot promise it in {record.Left * 1000:0} ms with a quality of {record.Floor:0.###}");

    private static string There(in RouteRecord record) => !record.Offer.IsAllowed ? "no server can be asked"
        : Invariant($"'{record.Server}' would take {record.Offer.Mean * 1000:0.#} ms (deviation {record.Offer.Deviation * 1000:0.#}) of {record.Left * 1000:0} for a quality of {record.Offer.Quality:0.####}{(record.Offer.IsProbe ? ", if it answers again" : "")}");
}
