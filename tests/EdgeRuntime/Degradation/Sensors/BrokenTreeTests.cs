using System.Text;
using EdgeRuntime.Device.Degradation.Sensors;
using EdgeRuntime.TestKit.Kernels;
using EdgeRuntime.TestKit.Time;
using Xunit;

namespace EdgeRuntime.Device.Tests.Degradation.Sensors;

/// <summary>Files that are not what they should be make a sensor absent, never an exception or a wait.</summary>
public sealed class BrokenTreeTests
{
    private const int Rounds = 40;

    public static TheoryData<string> Machines => ["x86", "jetson", "container"];

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Machines))]
    public Task Read_AnyFilesBroken_ReadingsMakeSenseOrAreAbsent(string machine) => Task.Run(() =>
    {
        for (var seed = 0; seed < Rounds; seed++)
        {
            using var tree = Machine(machine);
            var chance = new Random(seed);
            foreach (var file in tree.Files.ToList())
                if (chance.Next(3) == 0) Break(tree, file, chance);
            using var sensors = new DeviceSensors(new SensorSettings { Root = tree.Root }, new ManualTime());
            Assert.True(MakesSense(sensors.Read()), $"seed {seed}: {sensors.Read()}");
        }
    }, TestContext.Current.CancellationToken);

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Machines))]
    public Task Read_FilesBreakWhileTheyAreOpen_ReadingsMakeSenseOrAreAbsent(string machine) => Task.Run(() =>
    {
        using var tree = Machine(machine);
        using var sensors = new DeviceSensors(new SensorSettings { Root = tree.Root }, new ManualTime());
        var chance = new Random(7);
        for (var look = 0; look < Rounds; look++)
        {
            foreach (var file in tree.Files.ToList())
                if (chance.Next(10) == 0) tree.With(file, Nonsense(chance));
            Assert.True(MakesSense(sensors.Read()), $"look {look}: {sensors.Read()}");
        }
    }, TestContext.Current.CancellationToken);

    [Theory]
    [MemberData(nameof(Machines))]
    public void Read_EveryFileIsEmpty_AllAreAbsent(string machine)
    {
        using var tree = Machine(machine);
        foreach (var file in tree.Files.ToList()) tree.With(file, "");
        using var sensors = new DeviceSensors(new SensorSettings { Root = tree.Root }, new ManualTime());
        Assert.Equal(default, sensors.Read());
    }

    private static bool MakesSense(DeviceReadings readings) =>
        readings.Memory is null or { HeadRoom: null or > -(1L << 60), Limit: null or >= 0, Pressure: null or (>= 0 and <= 100), Kills: null or >= 0 }
        && readings.Heat is null or { Celsius: >= -40 and <= 150, Limit: >= 40 and <= 125 }
        && readings.Throttling is null or { Events: null or >= 0, Cooling: null or >= 0, Clock: null or > 0 }
        && readings.Power is null or { BatteryPercent: null or (>= 0 and <= 100), Watts: null or >= 0 };

    private static KernelTree Machine(string name) => name switch
    {
        "x86" => KernelTrees.X86(),
        "jetson" => KernelTrees.Jetson(),
        _ => KernelTrees.Container(500, 180),
    };

    private static void Break(KernelTree tree, string file, Random chance)
    {
        if (chance.Next(8) is var how && how == 0) tree.Pipe(file);
        else if (how == 1) tree.Folder(file);
        else if (how == 2) File.Delete(tree[file]);
        else tree.With(file, Nonsense(chance));
    }

    private static string Nonsense(Random chance) => chance.Next(8) switch
    {
        0 => "",
        1 => "-1\n",
        2 => long.MaxValue + "\n",
        3 => long.MinValue + "\n",
        4 => "max\n",
        5 => new string('9', 20_000),
        6 => "passive\nsome avg10=-3\noom_kill -2\nMemAvailable: 99999999999999999 kB\n- - cgroup2\n0::\n",
        _ => Encoding.Latin1.GetString(Enumerable.Range(0, chance.Next(200)).Select(_ => (byte)chance.Next(256)).ToArray()),
    };
}
