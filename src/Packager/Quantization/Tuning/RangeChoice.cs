using EdgeRuntime.Packaging.Calibration;
using EdgeRuntime.Packaging.Calibration.Ranges;

namespace EdgeRuntime.Packaging.Quantization.Tuning;

/// <summary>
/// Which method chooses the ranges of which values: the one of all that answers best first, then another one for a stretch of the graph where the answers
/// are better for it. What a cut-off costs where it happens says little of what it costs in the end: a rare large value may be what the net looks for.
/// </summary>
/// <param name="error">Of the answers with the values' ranges.</param>
/// <param name="report">How far it has come.</param>
internal sealed class RangeChoice(Func<IReadOnlyDictionary<string, SeenValue>, double> error, Action<string, long, long> report)
{
    private const int Stretches = 12;

    /// <summary>A method has to take this much of the error away: less is the luck of the samples.</summary>
    private const double Worthwhile = 0.02;

    private static readonly IReadOnlyList<IRangeMethod> Methods = [new SquaredErrorRange(), new MinMaxRange(), new PercentileRange(99.9m)];

    /// <param name="seen">Values and what was seen of them.</param>
    /// <param name="order">The values, in the graph's order.</param>
    /// <returns>The same with other methods.</returns>
    public IReadOnlyDictionary<string, SeenValue> Of(IReadOnlyDictionary<string, SeenValue> seen, IReadOnlyList<string> order)
    {
        var stretches = order.Chunk((order.Count + Stretches - 1) / Stretches).ToList();
        var (best, least) = (seen, error(seen));
        foreach (var (done, stretch) in stretches.Prepend([.. order]).Index())
        {
            foreach (var method in Methods)
            {
                var tried = With(best, stretch, method);
                if (!ReferenceEquals(tried, best) && error(tried) is var left && left < least * (1 - Worthwhile)) (best, least) = (tried, left);
            }
            report("ranges", done + 1, stretches.Count + 1);
        }
        return best;
    }

    private static IReadOnlyDictionary<string, SeenValue> With(IReadOnlyDictionary<string, SeenValue> seen, string[] values, IRangeMethod method)
    {
        if (Array.TrueForAll(values, value => seen[value].Method.Name == method.Name)) return seen;
        var changed = new Dictionary<string, SeenValue>(seen, StringComparer.Ordinal);
        foreach (var value in values) changed[value] = seen[value].By(method);
        return changed;
    }
}
