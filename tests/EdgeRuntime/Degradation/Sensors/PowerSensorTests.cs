using EdgeRuntime.Device.Degradation.Sensors;
using EdgeRuntime.TestKit.Kernels;
using EdgeRuntime.TestKit.Time;
using Xunit;

namespace EdgeRuntime.Device.Tests.Degradation.Sensors;

public sealed class PowerSensorTests
{
    [Fact]
    public void Read_Jetson_IsTheRailThatFeedsTheBoard()
    {
        using var tree = KernelTrees.Jetson();
        Assert.Equal(7.4592, Read(tree)?.Watts ?? 0, 6);
    }

    [Fact]
    public void Read_NoRailFeedsTheBoard_IsTheirSum()
    {
        using var tree = KernelTrees.Jetson().With("sys/class/hwmon/hwmon3/in1_label", "VDD_GPU_SOC\n");
        Assert.Equal(5.04 * (1.48 + 0.52 + 0.48), Read(tree)?.Watts ?? 0, 6);
    }

    [Fact]
    public void Read_MonitorSaysPower_IsThat()
    {
        using var tree = new KernelTree().With("sys/class/hwmon/hwmon0/name", "ina226\n").With("sys/class/hwmon/hwmon0/power1_input", 12_500_000).Rail(0, 1, "", 12_000, 2_000);
        Assert.Equal(12.5, Read(tree)?.Watts);
    }

    [Fact]
    public void Read_OnMains_IsNotDischarging()
    {
        using var tree = KernelTrees.X86();
        Assert.Equal(new PowerReading(80, false, null), Read(tree));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void Read_BatteryDischarges_CountsWithoutMains(int online, bool isDischarging)
    {
        using var tree = KernelTrees.X86().With("sys/class/power_supply/AC/online", online).With("sys/class/power_supply/BAT0/status", "Discharging\n");
        Assert.Equal(isDischarging, Read(tree)?.IsDischarging);
    }

    [Fact]
    public void Read_BatteryOfAMouse_IsNone()
    {
        using var tree = KernelTrees.X86().With("sys/class/power_supply/BAT0/capacity", 250);
        Assert.Null(Read(tree));
    }

    private static PowerReading? Read(KernelTree tree)
    {
        using var sensor = new PowerSensor(tree.Root, new ManualTime());
        return sensor.Read();
    }
}
