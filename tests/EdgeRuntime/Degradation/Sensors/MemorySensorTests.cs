using EdgeRuntime.Device.Degradation.Sensors;
using EdgeRuntime.TestKit.Kernels;
using EdgeRuntime.TestKit.Time;
using Xunit;

namespace EdgeRuntime.Device.Tests.Degradation.Sensors;

public sealed class MemorySensorTests
{
    private const long Mebibyte = 1 << 20;

    [Fact]
    public void Read_Container_IsWhatItsLimitLeaves()
    {
        using var tree = KernelTrees.Container(maxMebibytes: 500, usedMebibytes: 180);
        Assert.Equal(new MemoryReading(320 * Mebibyte, 500 * Mebibyte, true, 0, 0), Read(tree));
    }

    [Fact]
    public void Read_NoLimit_IsWhatTheMachineHas()
    {
        using var tree = KernelTrees.X86();
        Assert.Equal(new MemoryReading(6000 * Mebibyte, 8000 * Mebibyte, false, null, null), Read(tree));
    }

    [Fact]
    public void Read_IdleFilePages_CountAsFree()
    {
        using var tree = KernelTrees.Container(500, 180).Limits("", $"{500 * Mebibyte}", 450 * Mebibyte, idleBytes: 200 * Mebibyte);
        Assert.Equal(250 * Mebibyte, Read(tree)?.HeadRoom);
    }

    // What a bench with real processes found: mapped weights are on the list of inactive pages, though each run reads them.
    [Fact]
    public void Read_InactiveFilePagesThatAreMapped_AreInUse()
    {
        using var tree = KernelTrees.Container(500, 180).Limits("", $"{500 * Mebibyte}", 450 * Mebibyte, idleBytes: 300 * Mebibyte, mappedBytes: 280 * Mebibyte);
        Assert.Equal(70 * Mebibyte + 5, Read(tree)?.HeadRoom);
    }

    [Fact]
    public void Read_MoreIsMappedThanIsOnTheLists_IsWhatIsNotUsed()
    {
        using var tree = KernelTrees.Container(500, 180).Limits("", $"{500 * Mebibyte}", 450 * Mebibyte, idleBytes: 100 * Mebibyte, mappedBytes: 300 * Mebibyte);
        Assert.Equal(50 * Mebibyte, Read(tree)?.HeadRoom);
    }

    [Fact]
    public void Read_HighBelowMax_IsTheLimit()
    {
        using var tree = KernelTrees.Container(500, 180).Limits("", $"{500 * Mebibyte}", 180 * Mebibyte, high: $"{200 * Mebibyte}");
        Assert.Equal((20 * Mebibyte, 200 * Mebibyte), (Read(tree)?.HeadRoom, Read(tree)?.Limit));
    }

    [Fact]
    public void Read_CgroupAboveIsNarrower_Counts()
    {
        using var tree = KernelTrees.X86().Limits("system.slice/", $"{400 * Mebibyte}", 390 * Mebibyte);
        Assert.Equal((10 * Mebibyte, true), (Read(tree)?.HeadRoom, Read(tree)?.IsCgroup));
    }

    [Fact]
    public void Read_MoreIsUsedThanTheLimit_IsWhatHasToGo()
    {
        using var tree = KernelTrees.Container(500, 600);
        Assert.Equal(-100 * Mebibyte, Read(tree)?.HeadRoom);
    }

    [Fact]
    public void Read_PressureAndKills_AreThoseOfTheCgroup()
    {
        using var tree = KernelTrees.Container(500, 180).With("proc/pressure/memory", "some avg10=77.00 avg60=0.00 avg300=0.00 total=0\n")
            .With(KernelTrees.Cgroup + "memory.pressure", "some avg10=12.50 avg60=0.00 avg300=0.00 total=0\nfull avg10=3.00 avg60=0.00 avg300=0.00 total=0\n")
            .With(KernelTrees.Cgroup + "memory.events", "low 0\noom 4\noom_kill 2\n");
        Assert.Equal((12.5, 2L), (Read(tree)?.Pressure, Read(tree)?.Kills));
    }

    [Fact]
    public void Read_CgroupSaysNoPressure_IsTheMachines()
    {
        using var tree = KernelTrees.X86().With("proc/pressure/memory", "some avg10=7.25 avg60=0.00 avg300=0.00 total=0\n");
        Assert.Equal(7.25, Read(tree)?.Pressure);
    }

    // Docker with version 1: the cgroup's path is the host's, and so is the mount's root.
    [Theory]
    [InlineData("/docker/abc", "/docker/abc", "")]
    [InlineData("/", "/docker/abc/inner", "docker/abc/inner/")]
    [InlineData("/docker/abc", "/../other", "")]
    public void Read_Version1_IsItsLimit(string mounted, string path, string folder)
    {
        using var tree = new KernelTree().Memory(4000, 8000)
            .With("proc/self/cgroup", $"9:name=systemd:/\n4:memory:{path}\n0::/\n")
            .With("proc/self/mountinfo", $"38 31 0:30 {mounted} /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n39 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n")
            .With($"sys/fs/cgroup/memory/{folder}memory.limit_in_bytes", 200 * Mebibyte).With($"sys/fs/cgroup/memory/{folder}memory.usage_in_bytes", 150 * Mebibyte)
            .With($"sys/fs/cgroup/memory/{folder}memory.stat", $"inactive_file 9\ntotal_mapped_file {20 * Mebibyte}\ntotal_inactive_file {40 * Mebibyte}\ntotal_active_file {10 * Mebibyte}\n")
            .With($"sys/fs/cgroup/memory/{folder}memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 5\n");
        Assert.Equal(new MemoryReading(80 * Mebibyte, 200 * Mebibyte, true, null, 5), Read(tree));
    }

    [Fact]
    public void Read_Version1WithoutLimit_IsTheMachines()
    {
        using var tree = new KernelTree().Memory(4000, 8000).With("proc/self/cgroup", "4:memory:/a\n")
            .With("proc/self/mountinfo", "38 31 0:30 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n")
            .With("sys/fs/cgroup/memory/a/memory.limit_in_bytes", 9223372036854771712).With("sys/fs/cgroup/memory/a/memory.usage_in_bytes", 150 * Mebibyte);
        Assert.Equal((4000 * Mebibyte, false), (Read(tree)?.HeadRoom, Read(tree)?.IsCgroup));
    }

    [Fact]
    public void Read_NoTree_IsAbsent()
    {
        using var tree = new KernelTree();
        Assert.Null(Read(tree));
    }

    [Fact]
    public void Read_ThisMachine_HasHeadRoom()
    {
        using var sensor = new MemorySensor("/", TimeProvider.System);
        Assert.InRange(sensor.Read()?.HeadRoom ?? -1, 1, long.MaxValue);
    }

    private static MemoryReading? Read(KernelTree tree)
    {
        using var sensor = new MemorySensor(tree.Root, new ManualTime());
        return sensor.Read();
    }
}
