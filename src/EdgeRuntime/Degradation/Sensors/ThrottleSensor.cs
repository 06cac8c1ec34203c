namespace EdgeRuntime.Device.Degradation.Sensors;

/// <summary>Counts of throttled cores (x86), cooling devices that hold a clock back, and clocks.</summary>
internal sealed class ThrottleSensor(string root, TimeProvider time) : Sensor<ThrottleReading>(time)
{
    // On x86 the kernel measures a clock when it is asked, for which it wakes the core.
    private const int MostClocks = 4;

    // Parts of the names by which drivers of clocks register: thermal-cpufreq-0, devfreq-17000000.gpu, cpu-throttle-alert, Processor, intel_powerclamp.
    private static readonly string[] HoldingBack = ["cpufreq", "devfreq", "throttle", "Processor", "powerclamp", "thermal-idle"];

    private KernelFile[] _events = [], _cooling = [];
    private (KernelFile Now, KernelFile Most)[] _clocks = [];

    public override void Dispose()
    {
        foreach (var file in _events) file.Dispose();
        foreach (var file in _cooling) file.Dispose();
        foreach (var (now, most) in _clocks)
        {
            now.Dispose();
            most.Dispose();
        }
    }

    protected override void Search()
    {
        var cores = KernelFolder.Find(root, "sys/devices/system/cpu", "cpu").Where(path => char.IsAsciiDigit(path[^1])).ToArray();
        _events = [.. cores.Where(core => KernelFolder.Has(core, "thermal_throttle")).Select(core => new KernelFile(Path.Join(core, "thermal_throttle/core_throttle_count")))];
        _clocks = [.. cores.Where(core => KernelFolder.Has(core, "cpufreq")).Take(MostClocks)
            .Select(core => (new KernelFile(Path.Join(core, "cpufreq/scaling_cur_freq")), new KernelFile(Path.Join(core, "cpufreq/cpuinfo_max_freq"))))];
        _cooling = [.. KernelFolder.Find(root, "sys/class/thermal", "cooling_device").Where(HoldsBack).Select(folder => new KernelFile(Path.Join(folder, "cur_state")))];
    }

    protected override ThrottleReading? Measure()
    {
        var reading = new ThrottleReading(Sum(_events), Sum(_cooling), Fastest());
        return reading == default ? null : reading;
    }

    private double? Fastest()
    {
        double? fastest = null;
        foreach (var (now, most) in _clocks)
            if (now.Number() is > 0 and var hertz && most.Number() is > 0 and var limit && !(fastest > (double)hertz / limit)) fastest = (double)hertz / limit;
        return fastest;
    }

    // A powerclamp that does nothing says -1; what is beyond any number of steps is nonsense.
    private static long? Sum(KernelFile[] files)
    {
        long? sum = null;
        foreach (var file in files)
            if (file.Number() is >= -1 and <= int.MaxValue and var number) sum = (sum ?? 0) + Math.Max(0, number);
        return sum;
    }

    private static bool HoldsBack(string folder)
    {
        using var file = new KernelFile(Path.Join(folder, "type"));
        var type = file.Name();
        return HoldingBack.Any(part => type.Contains(part, StringComparison.Ordinal));
    }
}
