using EdgeRuntime.Inference.Specialisation;
using Xunit;

namespace EdgeRuntime.Inference.Tests.Specialisation;

/// <summary>Against a tree of files like the kernel's.</summary>
public sealed class ControlGroupsTests : IDisposable
{
    private const string NoLimit = "9223372036854771712";
    private readonly TempFolder _folder = new();

    [Fact]
    public void Headroom_VersionOne_IsLimitLessUsedPlusReclaimable()
    {
        Group("memory/device/runtime", ("memory.limit_in_bytes", "1000"), ("memory.usage_in_bytes", "700"), ("memory.stat", "inactive_file 5\ntotal_inactive_file 150\n"));
        Assert.Equal(450, Headroom("7:cpu,cpuacct:/other\n4:memory:/device/runtime\n0::/\n"));
    }

    [Fact]
    public void Headroom_VersionOneBelowATighterGroup_IsTheTighterOnes()
    {
        Group("memory/device", ("memory.limit_in_bytes", "800"), ("memory.usage_in_bytes", "750"));
        Group("memory/device/runtime", ("memory.limit_in_bytes", NoLimit), ("memory.usage_in_bytes", "700"));
        Assert.Equal(50, Headroom("4:memory:/device/runtime\n"));
    }

    [Fact]
    public void Headroom_VersionOneInAContainer_IsTheMountsOwn()
    {
        Group("memory", ("memory.limit_in_bytes", "500"), ("memory.usage_in_bytes", "200"));
        Assert.Equal(300, Headroom("4:memory:/docker/a-path-of-the-host\n"));
    }

    [Fact]
    public void Headroom_VersionTwo_IsLimitLessUsedPlusReclaimable()
    {
        Group("device", ("memory.max", "1000"), ("memory.current", "900"), ("memory.stat", "anon 1\ninactive_file 100\n"));
        Group("device/runtime", ("memory.max", "max"), ("memory.current", "900"));
        Assert.Equal(200, Headroom("0::/device/runtime\n"));
    }

    [Fact]
    public void Headroom_NoLimitAnywhere_IsEndless() => Assert.Equal(long.MaxValue, Headroom("0::/device/runtime\n3:memory:/device\n"));

    public void Dispose() => _folder.Dispose();

    private long Headroom(string membership)
    {
        File.WriteAllText(_folder["membership"], membership);
        return new ControlGroups(_folder.Path, _folder["membership"]).Headroom();
    }

    private void Group(string path, params (string Name, string Content)[] files)
    {
        Directory.CreateDirectory(_folder[path]);
        foreach (var (name, content) in files) File.WriteAllText(_folder[path, name], content);
    }
}
