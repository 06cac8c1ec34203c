namespace EdgeRuntime.Device.Degradation.Sensors;

/// <summary>One thermal zone of the kernel, with the passive trip points at which it is throttled.</summary>
internal sealed class ThermalZone(string folder) : IDisposable
{
    // A sensor that is switched off, or a trip point that is not set, says something far outside.
    private const double Coldest = -40, Hottest = 150, LowestTrip = 40, HighestTrip = 125;
    private const int MostTrips = 16;

    private readonly KernelFile _temperature = new(Path.Join(folder, "temp"));
    private readonly KernelFile[] _trips = Passive(folder);

    public string Type { get; } = TypeOf(folder);

    /// <summary>Its temperature in degrees Celsius; null where it does not say.</summary>
    public double? Celsius => Degrees(_temperature, Coldest, Hottest);

    /// <summary>The lowest of its passive trip points in degrees Celsius; infinite where it has none.</summary>
    public double Trip
    {
        get
        {
            double lowest = double.PositiveInfinity;
            foreach (var trip in _trips) lowest = Math.Min(lowest, Degrees(trip, LowestTrip, HighestTrip) ?? lowest);
            return lowest;
        }
    }

    public void Dispose()
    {
        _temperature.Dispose();
        foreach (var trip in _trips) trip.Dispose();
    }

    private static double? Degrees(KernelFile file, double least, double most) => file.Number() / 1000.0 is { } degrees && degrees >= least && degrees <= most ? degrees : null;

    private static string TypeOf(string folder)
    {
        using var file = new KernelFile(Path.Join(folder, "type"));
        return file.Name();
    }

    private static KernelFile[] Passive(string folder) => [.. Enumerable.Range(0, MostTrips)
        .Where(trip => IsPassive(Path.Join(folder, $"trip_point_{trip}_type"))).Select(trip => new KernelFile(Path.Join(folder, $"trip_point_{trip}_temp")))];

    private static bool IsPassive(string path)
    {
        using var file = new KernelFile(path);
        return file.Name() == "passive";
    }
}
