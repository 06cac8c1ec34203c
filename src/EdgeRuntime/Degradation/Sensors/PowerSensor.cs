namespace EdgeRuntime.Device.Degradation.Sensors;

/// <summary>Batteries, mains, and the power monitors of the board (INA3221 and its kin).</summary>
internal sealed class PowerSensor(string root, TimeProvider time) : Sensor<PowerReading>(time)
{
    private const int Channels = 3;

    // The rail through which a Jetson is fed; the others are parts of it.
    private static readonly string[] Inputs = ["VDD_IN", "POM_5V_IN", "VDD_5V_IN"];

    private PowerSupply[] _batteries = [], _mains = [];
    private PowerRail[] _rails = [];

    public override void Dispose()
    {
        foreach (var supply in _batteries) supply.Dispose();
        foreach (var supply in _mains) supply.Dispose();
        foreach (var rail in _rails) rail.Dispose();
    }

    protected override void Search()
    {
        PowerSupply[] supplies = [.. KernelFolder.Find(root, "sys/class/power_supply", "").Select(folder => new PowerSupply(folder))];
        _batteries = [.. supplies.Where(supply => supply.IsBattery)];
        _mains = [.. supplies.Where(supply => supply.IsMains)];
        PowerRail[] rails = [.. KernelFolder.Find(root, "sys/class/hwmon", "hwmon").Where(IsPowerMonitor)
            .SelectMany(folder => Enumerable.Range(1, Channels).Select(channel => new PowerRail(folder, channel)))];
        _rails = rails.Where(rail => Inputs.Contains(rail.Label)).Take(1).ToArray() is { Length: > 0 } whole ? whole : rails;
    }

    protected override PowerReading? Measure()
    {
        var reading = new PowerReading(Charge(), IsDischarging(), Watts());
        return reading is { BatteryPercent: null, Watts: null } ? null : reading;
    }

    private double? Charge()
    {
        long sum = 0, count = 0;
        foreach (var battery in _batteries)
            if (battery.Percent is { } percent) (sum, count) = (sum + percent, count + 1);
        return count == 0 ? null : (double)sum / count;
    }

    private bool IsDischarging()
    {
        foreach (var mains in _mains)
            if (mains.IsOnline) return false;
        foreach (var battery in _batteries)
            if (battery.IsDischarging) return true;
        return false;
    }

    private double? Watts()
    {
        double? sum = null;
        foreach (var rail in _rails)
            if (rail.Watts is { } watts) sum = (sum ?? 0) + watts;
        return sum;
    }

    private static bool IsPowerMonitor(string folder)
    {
        using var file = new KernelFile(Path.Join(folder, "name"));
        return file.Name().StartsWith("ina", StringComparison.Ordinal);
    }
}
