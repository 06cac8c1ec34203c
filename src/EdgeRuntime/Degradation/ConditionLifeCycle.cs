using static EdgeRuntime.Device.Degradation.Condition;
using static EdgeRuntime.Device.Degradation.ConditionEvent;

namespace EdgeRuntime.Device.Degradation;

/// <summary>The life of a device under pressure as one table. Requests are shed only after the smallest rung was tried.</summary>
internal static class ConditionLifeCycle
{
    private static readonly Dictionary<(Condition, ConditionEvent), Condition> Table = new()
    {
        [(Condition.Normal, Uncapped)] = Condition.Normal,
        [(Condition.Normal, Limited)] = Capped,
        [(Condition.Normal, Exhausted)] = Smallest,
        [(Condition.Normal, Overwhelmed)] = Smallest, // a ladder of one rung

        [(Capped, Uncapped)] = Condition.Normal,
        [(Capped, Limited)] = Capped,
        [(Capped, Exhausted)] = Smallest,
        [(Capped, Overwhelmed)] = Smallest, // the ladder became shorter

        [(Smallest, Uncapped)] = Condition.Normal,
        [(Smallest, Limited)] = Capped,
        [(Smallest, Exhausted)] = Smallest,
        [(Smallest, Overwhelmed)] = Shedding,

        [(Shedding, Uncapped)] = Condition.Normal,
        [(Shedding, Limited)] = Capped,
        [(Shedding, Exhausted)] = Smallest,
        [(Shedding, Overwhelmed)] = Shedding,
    };

    public static Condition Next(Condition state, ConditionEvent happened) => Table[(state, happened)];
}
