namespace EdgeRuntime.Device.Degradation.Sensors;

/// <summary>Memory up to the nearest of all limits: those of the process's own cgroup, of the ones above it, and of the machine.</summary>
internal sealed class MemorySensor(string root, TimeProvider time) : Sensor<MemoryReading>(time)
{
    private const int MostText = 8192;

    private readonly List<CgroupLevel> _levels = [];
    private readonly KernelFile _machine = new(Path.Join(root, "proc/meminfo"));
    private readonly KernelFile _machinePressure = new(Path.Join(root, "proc/pressure/memory"));
    private KernelFile? _pressure, _events;

    public override void Dispose()
    {
        foreach (var level in _levels) level.Dispose();
        _levels.Clear();
        _pressure?.Dispose();
        _events?.Dispose();
        _machine.Dispose();
        _machinePressure.Dispose();
    }

    protected override void Search()
    {
        if (CgroupFolders.Find(root) is not { } groups) return;
        foreach (var folder in groups.Paths) _levels.Add(new CgroupLevel(folder, groups.IsUnified));
        _pressure = new KernelFile(Path.Join(groups.Paths[0], "memory.pressure"));
        _events = new KernelFile(Path.Join(groups.Paths[0], groups.IsUnified ? "memory.events" : "memory.oom_control"));
    }

    protected override MemoryReading? Measure()
    {
        Span<byte> buffer = stackalloc byte[MostText];
        var (headRoom, limit, isCgroup) = OfTheMachine(buffer);
        foreach (var level in _levels)
            if (level.Read(buffer) is { } left && !(headRoom <= left.HeadRoom)) (headRoom, limit, isCgroup) = (left.HeadRoom, left.Limit, true);
        double? pressure = Pressure(_pressure, buffer) ?? Pressure(_machinePressure, buffer);
        if (headRoom is null && pressure is null) return null;
        long? kills = _events is null ? null : KernelText.Field(_events.Read(buffer), "oom_kill "u8);
        return new MemoryReading(headRoom, limit, isCgroup, pressure, kills is >= 0 ? kills : null);
    }

    private (long? HeadRoom, long? Limit, bool IsCgroup) OfTheMachine(Span<byte> buffer)
    {
        var text = _machine.Read(buffer);
        return (Kibibytes(KernelText.Field(text, "MemAvailable:"u8)), Kibibytes(KernelText.Field(text, "MemTotal:"u8)), false);
    }

    private static long? Kibibytes(long? number) => number is >= 0 and <= long.MaxValue >> 10 ? number << 10 : null;

    private static double? Pressure(KernelFile? file, Span<byte> buffer) => file is null ? null : KernelText.Percent(file.Read(buffer), "some avg10="u8);
}
