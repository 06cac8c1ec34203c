using EdgeRuntime.Messaging.OpenInference;
using EdgeRuntime.Serving.Degradation;

namespace EdgeRuntime.Serving.Scheduling;

/// <summary>
/// By how much promises are made more cautiously than the costs alone say, until no more of them are broken than is wanted: a step up for each broken one,
/// and so much less down for each kept one that both are even at the wanted rate (adaptive conformal inference, Gibbs and Candès 2021). It holds whatever the
/// causes are: runs that are slow together, neighbours, clocks. A value: whoever holds it guards it.
/// </summary>
internal struct PromiseMargin
{
    private const double Broken = 1 / 2000.0; // wanted
    private const double Step = 0.1, Most = 2;
    private const double Usual = 0.25, Urgent = 0.1; // until promises tell: above the usual priority a refusal is as bad as a late answer
    private const double Stall = 2; // runs that a machine may lose at once

    private readonly bool _isUrgent;
    private double _more;

    private PromiseMargin(bool isUrgent) => (_isUrgent, _more) = (isUrgent, isUrgent ? Urgent : Usual);

    /// <summary>Before any promise was kept or broken.</summary>
    /// <param name="priority">That of the promises.</param>
    public static PromiseMargin AtFirst(int priority) => new(isUrgent: priority > RequestProperties.DefaultPriority);

    /// <summary>What a forecast is multiplied by; from 1 to 2.</summary>
    public readonly double Factor => 1 + _more;

    /// <summary>Whether it is a forecast that hardly ever fails that is multiplied, or what is likely.</summary>
    public readonly bool IsSafe => !_isUrgent;

    /// <summary>Runs that are added where a refusal costs nothing, see <see cref="OfferedLoad.Surplus"/>.</summary>
    public readonly double Spares => _isUrgent ? 0 : Stall;

    public void Learn(bool isKept) => _more = Math.Clamp(_more + (isKept ? -Step * Broken : Step), 0, Most - 1);
}
