using EdgeRuntime.Device.Degradation.Sensors;
using EdgeRuntime.TestKit.Kernels;
using EdgeRuntime.TestKit.Memory;
using EdgeRuntime.TestKit.Time;
using Xunit;

namespace EdgeRuntime.Device.Tests.Degradation.Sensors;

public sealed class SensorTests
{
    [Fact]
    public void Read_SensorTakesLong_RestsNineTimesAsLong()
    {
        var time = new ManualTime();
        using var sensor = new Counting(time, takes: TimeSpan.FromMilliseconds(500));
        for (var second = 0; second < 100; second++)
        {
            Assert.NotNull(sensor.Read());
            time.Advance(TimeSpan.FromSeconds(1));
        }
        Assert.InRange(sensor.Measured, 15, 25); // five seconds apart
    }

    [Fact]
    public void Read_NothingThere_IsSearchedForOnceAMinute()
    {
        using var sensor = new Counting(new ManualTime(), takes: TimeSpan.Zero) { IsThere = false };
        for (var look = 0; look < 200; look++) Assert.Null(sensor.Read());
        Assert.InRange(sensor.Searched, 3, 4);
        sensor.IsThere = true;
        for (var look = 0; look < 200; look++) sensor.Read();
        Assert.InRange(sensor.Searched, 3, 4);
    }

    [Fact]
    public void Read_KindIsSwitchedOff_IsAbsent()
    {
        using var tree = KernelTrees.Jetson();
        using var sensors = new DeviceSensors(new SensorSettings { Root = tree.Root, Kinds = SensorKinds.Memory | SensorKinds.Power }, new ManualTime());
        Assert.True(sensors.Read() is { Memory: not null, Power: not null, Heat: null, Throttling: null });
    }

    [Theory]
    [InlineData("x86")]
    [InlineData("jetson")]
    [InlineData("container")]
    public void Read_Warm_AllocatesNothing(string machine)
    {
        using var tree = machine == "x86" ? KernelTrees.X86() : machine == "jetson" ? KernelTrees.Jetson() : KernelTrees.Container(500, 180);
        using var sensors = new DeviceSensors(new SensorSettings { Root = tree.Root, Kinds = machine == "container" ? SensorKinds.Memory : SensorKinds.All }, new ManualTime());
        for (var look = 0; look < 50; look++) sensors.Read();
        // A file that is searched for again, as happens once a minute, allocates.
        Assert.Equal(0, Allocation.Least(() =>
        {
            for (var look = 0; look < 20; look++) sensors.Read();
        }));
    }

    private sealed class Counting(ManualTime time, TimeSpan takes) : Sensor<int>(time)
    {
        public bool IsThere { get; set; } = true;
        public int Searched { get; private set; }
        public int Measured { get; private set; }

        public override void Dispose()
        {
        }

        protected override void Search() => Searched++;

        protected override int? Measure()
        {
            Measured++;
            time.Advance(takes);
            return IsThere ? Measured : null;
        }
    }
}
