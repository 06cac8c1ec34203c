using EdgeRuntime.Device.Degradation.Sensors;
using EdgeRuntime.TestKit.Kernels;
using EdgeRuntime.TestKit.Time;
using Xunit;

namespace EdgeRuntime.Device.Tests.Degradation.Sensors;

public sealed class ThrottleSensorTests
{
    [Fact]
    public void Read_X86_CountsCoresAndLeavesFansOut()
    {
        using var tree = KernelTrees.X86();
        Assert.Equal(new ThrottleReading(8, 0, 0.5), Read(tree));
    }

    [Fact]
    public void Read_Jetson_CountsCoolingDevicesOfClocks()
    {
        using var tree = KernelTrees.Jetson().Cooling(1, "cpufreq-cpu0", 3).Cooling(2, "gpu-throttle-alert", 1);
        Assert.Equal(new ThrottleReading(null, 4, 1), Read(tree));
    }

    [Fact]
    public void Read_Container_IsAbsent()
    {
        using var tree = KernelTrees.Container(500, 180);
        Assert.Null(Read(tree));
    }

    private static ThrottleReading? Read(KernelTree tree)
    {
        using var sensor = new ThrottleSensor(tree.Root, new ManualTime());
        return sensor.Read();
    }
}
