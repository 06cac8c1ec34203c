namespace EdgeRuntime.Device.Degradation.Sensors;

/// <summary>One channel of a power monitor, /sys/class/hwmon: power in microwatts, or voltage in millivolts and current in milliamperes.</summary>
internal sealed class PowerRail(string folder, int channel) : IDisposable
{
    private const double MicroWatts = 1e6, MostWatts = 10_000;

    private readonly KernelFile _power = new(Path.Join(folder, $"power{channel}_input"));
    private readonly KernelFile _voltage = new(Path.Join(folder, $"in{channel}_input"));
    private readonly KernelFile _current = new(Path.Join(folder, $"curr{channel}_input"));

    /// <summary>What the board's maker calls it, such as <c>VDD_IN</c>.</summary>
    public string Label { get; } = LabelOf(Path.Join(folder, $"in{channel}_label"));

    public double? Watts
    {
        get
        {
            double? watts = (_power.Number() ?? (double?)_voltage.Number() * _current.Number()) / MicroWatts;
            return watts is >= 0 and <= MostWatts ? watts : null;
        }
    }

    public void Dispose()
    {
        _power.Dispose();
        _voltage.Dispose();
        _current.Dispose();
    }

    private static string LabelOf(string path)
    {
        using var file = new KernelFile(path);
        return file.Name();
    }
}
