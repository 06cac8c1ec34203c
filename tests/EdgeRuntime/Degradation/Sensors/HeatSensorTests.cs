using EdgeRuntime.Device.Degradation.Sensors;
using EdgeRuntime.TestKit.Kernels;
using EdgeRuntime.TestKit.Time;
using Xunit;

namespace EdgeRuntime.Device.Tests.Degradation.Sensors;

public sealed class HeatSensorTests
{
    private static readonly SensorSettings Orin = new() { TargetZones = ["cpu-thermal", "gpu-thermal", "soc0-thermal", "tj-thermal"] };

    [Fact]
    public void Read_Jetson_IsTheZoneNearestToItsPassiveTripPoint()
    {
        using var tree = KernelTrees.Jetson();
        Assert.Equal(new HeatReading("tj-thermal", 62.25, 97), Read(tree, Orin));
    }

    [Fact]
    public void Read_NoZonesNamed_AllCount()
    {
        using var tree = KernelTrees.Jetson();
        Assert.Equal(new HeatReading("wifi-thermal", 99, HeatSensor.UsualThrottle), Read(tree, new SensorSettings()));
    }

    [Fact]
    public void Read_ConfiguredZones_OverrideTheTargets()
    {
        using var tree = KernelTrees.Jetson();
        Assert.Equal("gpu-thermal", Read(tree, Orin with { Zones = ["gpu-thermal"] })?.Zone);
        Assert.Null(Read(tree, Orin with { Zones = ["no-such-thermal"] }));
    }

    [Fact]
    public void Read_MachineHasNoneOfTheTargetsZones_AllCount()
    {
        using var tree = KernelTrees.X86();
        Assert.Equal(new HeatReading("x86_pkg_temp", 52, HeatSensor.UsualThrottle), Read(tree, Orin));
    }

    [Theory]
    [InlineData(80.0, 80)]
    [InlineData(110.0, 97)]
    public void Read_LimitIsConfigured_TheLowerOneCounts(double configured, double limit)
    {
        using var tree = KernelTrees.Jetson();
        Assert.Equal(limit, Read(tree, Orin with { ThrottleCelsius = configured, Zones = ["tj-thermal"] })?.Limit);
    }

    [Fact]
    public void Read_TripPointsThatAreNotSet_AreNoLimits()
    {
        using var tree = KernelTrees.X86();
        Assert.Equal(85, Read(tree, new SensorSettings { ThrottleCelsius = 85, Zones = ["x86_pkg_temp"] })?.Limit);
    }

    private static HeatReading? Read(KernelTree tree, SensorSettings settings)
    {
        using var sensor = new HeatSensor(settings with { Root = tree.Root }, new ManualTime());
        return sensor.Read();
    }
}
