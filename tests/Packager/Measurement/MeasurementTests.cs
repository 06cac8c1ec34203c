using EdgeRuntime.Bundles;
using EdgeRuntime.Packaging.Measurement;
using EdgeRuntime.Packaging.Tests.Support;
using Xunit;

namespace EdgeRuntime.Packaging.Tests.Measurement;

[Collection(WholeProcess.Name)]
public sealed class MeasurementTests
{
    private const int Taken = 96 << 20;

    [Fact]
    public void MemoryPeak_MemoryTakenAndGivenBack_IsSeen()
    {
        var peak = MemoryPeak.During(() =>
        {
            var memory = GC.AllocateUninitializedArray<byte>(Taken, pinned: true);
            for (var at = 0; at < memory.Length; at += 4096) memory[at] = 1;
            GC.KeepAlive(memory);
        });
        Assert.InRange(peak.Bytes, Taken * 9L / 10, long.MaxValue);
    }

    [Fact]
    public void MachineKind_OtherArchitecture_SaysWhich()
    {
        var arm = Target.Load("arm64-generic");
        var other = MachineKind.Refusal(arm) is null ? Target.Load("x86-avx2") : arm;
        Assert.Contains($"target '{other.Name}' is {other.Architecture}", MachineKind.Refusal(other));
    }

    [Fact]
    public void MachineKind_MissingFlag_NamesIt()
    {
        var here = new[] { "x86-avx2", "arm64-generic" }.Select(Target.Load).Single(target => !MachineKind.Refusal(target)?.StartsWith("this machine is", StringComparison.Ordinal) ?? true);
        Assert.Contains("lacks warp_drive of target", MachineKind.Refusal(here with { CpuFlags = ["warp_drive"] }));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("not json")]
    [InlineData("null")]
    [InlineData("{\"variants\":{\"fp32\":{\"digest\":\"x\",\"peakMemoryBytes\":1,\"latencies\":[],\"more\":1}}}")]
    public void MeasuredFile_OtherContent_NamesTheFile(string content)
    {
        using var workshop = new Workshop();
        var path = workshop.Write("m.json", content);
        Assert.StartsWith(path, Assert.Throws<PackagerException>(() => MeasuredFile.Load(path)).Message);
    }
}
