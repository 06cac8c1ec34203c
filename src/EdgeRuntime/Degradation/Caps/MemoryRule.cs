using EdgeRuntime.Bundles;
using EdgeRuntime.Device.Degradation.Sensors;

namespace EdgeRuntime.Device.Degradation.Caps;

/// <summary>
/// Keeps a reserve free of every limit of memory: takes at once the best rung that frees what is missing, and a better one only where its bytes leave the
/// reserve and a quarter more.
/// </summary>
internal sealed class MemoryRule(SensorSettings settings) : CapRule(settings.Dwell)
{
    // Until what was unloaded is given back, and until pressure of ten seconds tells what came of it.
    private const double Settling = 5, PressurePause = 10;

    private readonly long _reserve = settings.MemoryReserve.Bytes;
    private long _onItsWay, _lack;
    private double _settled = double.NegativeInfinity;
    private long? _kills;
    private bool _isKilled;

    /// <summary>This rule's name.</summary>
    public const string Memory = "memory";

    public override string Name => Memory;

    protected override Verdict Judge(in Situation situation, double now)
    {
        if (situation.Readings.Memory is not { } memory) return Verdict.Well;
        (_isKilled, _kills) = (memory.Kills > _kills, memory.Kills ?? _kills);
        if (now >= _settled) _onItsWay = 0;
        _lack = memory.HeadRoom is { } room ? _reserve - (room + _onItsWay) : 0;
        if (_lack > 0) return MakeRoom(situation.Ladder, now);
        if (_isKilled || memory.Pressure > settings.PressureLimitPercent)
        {
            Cap.Lower(now, PressurePause);
            return _isKilled ? Verdict.Uneasy : Verdict.Danger;
        }
        return memory.Pressure > settings.PressureLimitPercent / 2 || !HasRoomAbove(situation.Ladder, memory.HeadRoom) ? Verdict.Uneasy : Verdict.Well;
    }

    protected override string Describe(in Situation situation, Verdict verdict)
    {
        var memory = situation.Readings.Memory;
        var free = memory?.HeadRoom is { } room ? $"{new ByteCount(room)} of head room" : "head room that is not known";
        var where = memory is { Limit: { } limit } ? $" in {new ByteCount(limit)} of the {(memory.Value.IsCgroup ? "cgroup" : "machine")}" : "";
        if (verdict == Verdict.Well) return $"memory: {free}{where}, better rungs come back one by one";
        if (_isKilled) return "memory: the kernel killed a process of the cgroup for want of it";
        return _lack > 0 ? $"memory: {free}{where} are below the reserve of {settings.MemoryReserve}"
            : $"memory: tasks waited for it {memory?.Pressure:0.#} % of the time, over the limit of {settings.PressureLimitPercent:0.#} %";
    }

    private Verdict MakeRoom(RungMemory ladder, double now)
    {
        if (Cap.IsLast) return Verdict.Danger;
        int before = Value;
        if (ladder.Frees(Value, ladder.Count - 1) > 0) Cap.Require(ladder.Freeing(Value, _lack), now);
        else Cap.Lower(now, Settling); // what its rungs need is not known: one at a time
        if (Value > before) (_onItsWay, _settled) = (_onItsWay + Math.Max(0, ladder.Frees(before, Value)), now + Settling);
        return Verdict.Danger;
    }

    private bool HasRoomAbove(RungMemory ladder, long? room) => Value == 0 || room is null || room - ladder.Frees(Value - 1, Value) >= _reserve + (_reserve / 4);
}
