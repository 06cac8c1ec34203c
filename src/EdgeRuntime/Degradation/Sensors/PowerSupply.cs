using System.Text;

namespace EdgeRuntime.Device.Degradation.Sensors;

/// <summary>One battery or mains adapter, /sys/class/power_supply.</summary>
internal sealed class PowerSupply(string folder) : IDisposable
{
    private readonly KernelFile _capacity = new(Path.Join(folder, "capacity"));
    private readonly KernelFile _status = new(Path.Join(folder, "status"));
    private readonly KernelFile _online = new(Path.Join(folder, "online"));

    /// <summary>Whether it is a battery that feeds this device, not the one of a mouse.</summary>
    public bool IsBattery { get; } = Says(folder, "type", "Battery") && !Says(folder, "scope", "Device");

    public bool IsMains { get; } = Says(folder, "type", "Mains") || Says(folder, "type", "USB");

    public long? Percent => _capacity.Number() is >= 0 and <= 100 and var percent ? percent : null;

    public bool IsOnline => _online.Number() > 0;

    public bool IsDischarging
    {
        get
        {
            Span<byte> buffer = stackalloc byte[32];
            return Ascii.EqualsIgnoreCase(_status.Read(buffer).Trim(" \r\n"u8), "Discharging"u8);
        }
    }

    public void Dispose()
    {
        _capacity.Dispose();
        _status.Dispose();
        _online.Dispose();
    }

    private static bool Says(string folder, string name, string value)
    {
        using var file = new KernelFile(Path.Join(folder, name));
        return file.Name() == value;
    }
}
